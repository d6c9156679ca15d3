"""From trees to programs: what is declared under which name, with inheritance resolved."""
