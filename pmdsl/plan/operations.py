"""What each operation of a plan means: the contract between the compiler and the engine.

**Poison.** A value that cannot be had (a missing input, a table without a row, a division by zero) is NaN
(number, bool, date) or -1 (text, point, row) and spreads through everything that needs it; a branch that is
not taken, a row
that is not reached and a member that `where` leaves out spread nothing. An output that ends poisoned is an
error of
that account, and the engine walks back to the node where the poison arose to say what was missing. A cell of
the
book that holds something else than its type is poison too, whatever default it has. A row is -1 where none
fits and -2
where that cannot be told; both are poison to what reads it.

**Shapes.** A node's value has shape (rows of its level, sizes of its axes). Inputs have the node's own level,
or the scalar level "" (one row), unless the operation says otherwise; going to a finer level is an explicit
`down`.
Inputs may lack axes of the node (size one). Axes are in the order in which the plan lists them. Truth values
are 0 and
1.

Moments are seconds since 0001-01-01 in UTC, dates are days since then, counted from 1.

Leaves
  const        params value (exact text) -> number; with base bool "0"/"1", with base date an ISO date
  word         params value (text) -> text
  point        params axis, value (a point's name) -> point; with no value: every point of the axis, axes
  (axis,)
               params end: value is "first" or "last", the end of an axis whose points come from data
  point_name   (point), params axis -> text: the name of a point ("" for -1)
  axis_dates   params axis -> date, axes (axis,): the dates of a history;  axis_age: how many points later the
  newest is
  axis_size    params axis -> number: how many points
  matrix       params name, source: rows | book, entries ((key, key, exact text), ...), default ("" for none)
  -> at a pair
               level: 1 on the diagonal, the entry of the pair either way round, else the default, else poison
  axis_column  params axis, values (exact texts, or words when base is text, or point names when base is
  point) -> axes (axis,)
  input        params table, column; inputs () or (default,) -> the attribute, the default where it was not
  given.
               base text with params words: the value must be one of them
  key          params level, part -> the code of that component of a key level's key (level = the key level)
  valuation    params what: date (ordinal), moment -> scalar: midnight in UTC where the book has
               no time of day
  given        params data -> bool: whether a table of that name was given at run time
  dated        inputs one value a segment, params segments ((from, to or None), ...) -> gone once a plan is
  made for a date

Elementwise
  add sub mul div neg abs sqrt exp ln power floor ceil
  normal_cdf normal_pdf normal_quantile   of the standard normal distribution; the quantile outside of (0, 1)
               is poison
  min max      any number of inputs;  clamp (x, low, high)
  ratio        (a, b, if_zero): a / b, if_zero where b is 0;  div by 0 is poison
  round        (x, unit), params mode: half_up half_even up down ceiling floor; half_up and up go away from
  zero.
               Works on the decimal that was meant: a value within 1e-9 units of a tie or a whole counts as
               there
  eq ne lt le gt ge   comparisons; text, point and bool only eq ne
  and or       the right side does not matter where the left decides;  not
  if           (condition, then, else): each branch matters only where it is taken
  member       (x), params words: x is one of these
  seconds_between (a, b) = b - a, of moments
  add_months   (date, months);  days_between (a, b) = b - a;  year_fraction (a, b), params convention:
  act_365f, act_360,
               act_act_isda, thirty_360

Levels
  down         (x), x at a coarser level: each row takes its parent's value. params along: "" the usual
  parent, or for a pair
               level "first" | "second"
  agree        (x), x at a finer level, node at a key level: where the key is the id of an entity in the book
  (level's
               `entity` is x's level), that entity's value; otherwise all members must have one value, else
               poison The order of the members is canonical: by account, by the chain of groups, by the id of
               the
               instrument
  fold_into    (x[, where][, if_empty]), x and where at a finer level, if_empty at the node's, params kind:
  sum largest
               smallest average, where: bool, if_empty: bool (which inputs are there). Members of the node's
               level. Rows where `where` is false do not count. Empty: sum 0; the others if_empty, or poison
  net_into     (x, crediting[, where]): at each point, sum of min(x, 0) + crediting * max(x, 0) over the
  members; crediting
               is at the level of x (or the scalar level): it may differ by member
  aggregate    (x, correlation[, carried][, where]), params carrying, clamped ("", "always", "when negative"),
  dropping,
               where, within: square root of sum x^2 + 2 * sum over i<j of rho c c over the members, see
               docs/language.md. correlation has the pair level of x's key level (or is a scalar). c is
               carried, else x; held
               within -|x| and |x| always, or only in the cells whose form would be negative. A correlation
               beyond 1, a pair
               that is not covered and a form below zero by more than round-off are poison. Pairs of members
               that `where`
               leaves out do not matter
  currency     (x, code): x where the currency code is params currency, else poison
  fx           (code), params to: the factor from that currency to `to`; 1 where equal; poison where no rate
  is given

Axes
  fold_over    (x[, where][, if_empty]), params axis, kind: sum largest smallest average worst
  worst_unfloored.
               worst = max(0, max of -x); the node lacks the axis. Over nothing: sum and worst 0, the others
               if_empty or poison
  arg_over     the same inputs and params, base point: the first point at which largest, smallest or the
  largest -x is
               reached (also where a worst is no loss and so 0), values within 1e-11 of the row's largest size
               being equal; poison over nothing
  quantile_over (x, level[, where][, weights]), params axis, kind: quantile tail_mean, by: kth_worst,
  kth_worst_up,
               interpolated, first_reaching, where, weighing: bool. The level p is used exactly, x is a loss.
               Of n points that
               count: kth_worst is the k-th largest, k = max(1, floor(n (1 - p))); kth_worst_up has k = max(1,
               ceil(n (1 - p))); interpolated lies at (n - 1) p between the order statistics counted from 0;
               first_reaching is
               the first value, from the worst down (equal ones in the order of the points), at which the
               summed weights
               reach 1 - p (to 1e-12), poison where they never do. tail_mean: the average of the k worst;
               interpolated: of the n (1 - p) worst, the last in part; first_reaching: weighted down to that
               value, which counts
               for what is left
  ewma_over    (x, decay), params axis: the root of the exponentially weighted mean square as it was known
  before each
               point, s' = decay s + (1 - decay) x^2; before the first point s is the mean square of all
               points
  choose_over  (preference, ...[, ties]), params axis, kinds, ties: bool -> point. What is within ties *
  |best| of the best
               goes to the next preference, what is left to the first point
  pick         (x, point): x at that point of params axis; the node lacks the axis (unless the point has it)
  stack        inputs one value a point, params axis -> all of them along the axis

Tables
  match        (key, ..., when, ...), params table, keys (number of key inputs), names of the keys, periods
  ((from, to) of each
               row, None for open ends), rows: a tuple of rows, each None (not in force: it never fits) or a
               tuple of key patterns (None: any; {"is": (texts or exact numbers)}; {"from": x, "to": y,
               "from_open",
               "to_closed"}), first (take the first row that fits) -> row, -1 where none fits. When-inputs:
               one a row after the
               keys, in row order; -1 in params `whens` for a row without one. A when matters only where the
               keys fit and
               no earlier row was taken
  select       (row, cell, ...): the cell of the row; cells that were not reached do not matter
  collect      (row membership bool, cell) pairs: the sum of the cells whose rows fit; 0 where none
  lookup       (key, ...), params table (a name in Plan.data), source: data | input -> row of a table given at
  run time, -1
               where none (or where none was given)
  cell         (row), params table, source, column -> that column of a row from `lookup`; poison where row is
  -1
  found        (row) -> bool: whether `lookup` found one (or `match` a row that fits)
  has          (row), params table, source, column -> bool: whether that column is given in the row found;
  poison where none was
  marginal     (x), params bounds (exact texts, ascending lower bounds), then inputs one rate a bracket: each
  rate on the part
               of x in its bracket

Pricing (level instrument; see pmdsl/pricing)
  model        (condition, ...), params models: a tuple of {"name": ..., options}: which model prices the
  instrument -> row
  volatility   (model): the given implied volatility, else solved from the instrument's price, else the
  underlying's;
               0 on the expiry date, not needed by linear models
  revalue      (model, volatility, shock, ...), params shocks: names in the order of the inputs, from
  price_by, price_to,
               price_plus, volatility_by, volatility_to, volatility_plus, rate_plus, days_on -> price per
               unit. No shocks: the value; given values are used alone where an instrument has them, by the
               node's
               one axis (its price is then the base). _to, then _by, then _plus; prices and volatilities are
               held at 0. A
               linear instrument is worth its price (else its underlying's) and moves by the same part as its
               underlying. Level instrument, or any level whose rows have one
  model_delta  the same inputs: the derivative by the underlying's price
  market_price (value): the instrument's price, else its value

Matches (level of kind match; decision 0009)
  down         params along: the number of a slot as text: the value of the position in that slot, poison
               where the pattern has no such slot
  pattern      () -> text: the name of the pattern of each row; poison in the row of a position that no
               pattern of one slot takes, which has a row of its own for each such position
  contracts    (), params slot -> number: contracts of that slot in the smallest match: whole numbers that
               make the sizes of all slots equal (slots that are `counted` are left out); 1 in a pattern of
               one slot; poison where the pattern has no such slot, or the sizes have no common measure
  pairing      -> number, how many of each match are taken, a node of the match level. Inputs, by params that
               hold their places:
               held: contracts of each position, not negative (level of the positions);
               admitted: bool at the match level (-1: every match is);
               taken: for each slot, its contracts in one match;
               objectives: a tuple of {"linear": x, "scans": (y, ...)} in order of preference: smallest sum
               of x over matches plus, for each scan y and each group of the pool that y is of, the worst of
               y: max(0, max of -sum y over the axis that params `axes` names for y: place as text to axis);
               ties go to the next, at the end to fewest matches, then to most of the row that stands first;
               pools: a tuple of {"level": group of matches, "long": pattern, "short": pattern, "size": x,
               "balanced": (x, ...), "same": (x, ...), "bound": x or -1, "op": "ge" or "le", "scans": (y,
               ...)}: for each value of balanced the sizes of longs and shorts are equal; for each value of
               same and of bound, shorts at or beyond the bound (ge: from it upwards) are no more than longs;
               allowed: the names of the patterns that may be used.
               Each position is taken exactly. Matches of one slot that are in no pool may be taken in
               fractions, all others in whole numbers. Other axes of the inputs: a pairing for each point.
               A position of which none are held needs no pattern. What a row that is not taken would be
               charged may be poison: an amount counts the rows with taken ne 0 alone.
               Poison in a group where an input that matters is poison, or a position is taken by no pattern
               of one slot, or the program is too large or was not solved

Points of distinct axes
  distinct     (x[, also]), params axis, x at a member level: the axis' values, level `within`, axes (axis,),
  ascending.
               Members whose x is poison bring no point. Reductions over the axis do not see the padding
"""

from __future__ import annotations

ELEMENTWISE = frozenset(
    [
        "add",
        "sub",
        "mul",
        "div",
        "neg",
        "abs",
        "sqrt",
        "exp",
        "ln",
        "normal_cdf",
        "normal_pdf",
        "normal_quantile",
        "power",
        "floor",
        "ceil",
        "min",
        "max",
        "clamp",
        "ratio",
        "round",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "and",
        "or",
        "not",
        "if",
        "member",
        "add_months",
        "days_between",
        "year_fraction",
        "seconds_between",
    ]
)
OPERATIONS = ELEMENTWISE | frozenset(
    [
        "const",
        "word",
        "point",
        "axis_column",
        "input",
        "key",
        "valuation",
        "given",
        "dated",
        "down",
        "agree",
        "fold_into",
        "net_into",
        "aggregate",
        "currency",
        "fx",
        "fold_over",
        "arg_over",
        "quantile_over",
        "ewma_over",
        "choose_over",
        "pick",
        "stack",
        "match",
        "select",
        "collect",
        "lookup",
        "cell",
        "found",
        "has",
        "marginal",
        "model",
        "volatility",
        "revalue",
        "model_delta",
        "market_price",
        "distinct",
        "matrix",
        "point_name",
        "axis_dates",
        "axis_age",
        "axis_size",
        "pattern",
        "contracts",
        "pairing",
    ]
)
