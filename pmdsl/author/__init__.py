"""What authors of rules ask for: errors of many files, layout, the flattened text, inputs, schemas."""
