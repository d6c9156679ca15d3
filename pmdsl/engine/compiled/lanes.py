"""Eight doubles as one value that compiled loops keep in registers.

The compiler does not keep sums over a run of rows in registers by itself: it writes them to memory after
every row. With these a loop says what it means, and is as fast as C with vector types. Every operation is
that of IEEE 754 on each double, in the order written; nothing is contracted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

WIDTH = 8
DOUBLE, BYTE, INT = ir.DoubleType(), ir.IntType(8), ir.IntType(32)
VECTOR = ir.VectorType(DOUBLE, WIDTH)
# A double may begin anywhere a double may.
ALIGN = 8

Emit = Callable[[Any, Any, Any], Any]


class Lanes(types.Type):
    """The type of eight doubles."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


lanes = Lanes()


@register_model(Lanes)
class LanesModel(models.PrimitiveModel):
    """Eight doubles are one vector of the machine."""

    def __init__(self, manager: Any, of: Lanes) -> None:
        super().__init__(manager, of, VECTOR)


def _address(context: Any, builder: Any, signature: Any, args: Any, to: Any) -> Any:
    data = context.make_array(signature.args[0])(context, builder, args[0]).data
    return builder.bitcast(builder.gep(data, [args[1]]), to.as_pointer())


@intrinsic
def load(typing: Any, flat: Any, at: Any) -> Any:
    """flat[at : at + 8] of a flat array."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = builder.load(_address(context, builder, signature, args, VECTOR))
        found.align = ALIGN
        return found

    return lanes(flat, types.intp), emit


@intrinsic
def store(typing: Any, flat: Any, at: Any, x: Any) -> Any:
    """flat[at : at + 8] = x."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        done = builder.store(args[2], _address(context, builder, signature, args, VECTOR))
        done.align = ALIGN
        return context.get_dummy_value()

    return types.void(flat, types.intp, lanes), emit


@intrinsic
def prefetch(typing: Any, flat: Any, at: Any) -> Any:
    """Have the cache line of flat[at] brought near. Nothing happens where `at` is outside."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        where = _address(context, builder, signature, args, BYTE)
        kind = ir.FunctionType(ir.VoidType(), [where.type, INT, INT, INT])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        builder.call(call, [where, INT(0), INT(3), INT(1)])
        return context.get_dummy_value()

    return types.void(flat, types.intp), emit


@intrinsic
def splat(typing: Any, x: Any) -> Any:
    """Eight times x."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        nothing = ir.Constant(VECTOR, ir.Undefined)
        first = builder.insert_element(nothing, args[0], INT(0))
        return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(INT, WIDTH), [0] * WIDTH))

    return lanes(types.float64), emit


def _of_two(emit_two: Emit, doc: str) -> Any:
    def op(typing: Any, a: Any, b: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return emit_two(builder, args[0], args[1])

        return lanes(lanes, lanes), emit

    op.__doc__ = doc
    return intrinsic(op)


def _smaller(builder: Any, a: Any, b: Any) -> Any:
    return builder.call(_minimum_of(builder, VECTOR, f"v{WIDTH}f64"), [a, b])


def _minimum_of(builder: Any, of: Any, name: str) -> Any:
    return cgutils.get_or_insert_function(
        builder.module, ir.FunctionType(of, [of, of]), f"llvm.minimum.{name}"
    )


def _less(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.fcmp_ordered("<", a, b), a, b)


add = _of_two(lambda builder, a, b: builder.fadd(a, b), "a + b")
mul = _of_two(lambda builder, a, b: builder.fmul(a, b), "a * b")
lesser = _of_two(_less, "a where a < b, else b: quicker than `minimum` where b is NaN whenever a is.")
minimum = _of_two(_smaller, "The smaller one, NaN where one is NaN.")


@intrinsic
def smallest(typing: Any, x: Any) -> Any:
    """The smallest of the eight, NaN where one is NaN."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        call = _minimum_of(builder, DOUBLE, "f64")
        left = [builder.extract_element(args[0], INT(k)) for k in range(WIDTH)]
        while len(left) > 1:
            left = [builder.call(call, pair) for pair in zip(left[::2], left[1::2], strict=True)]
        return left[0]

    return types.float64(lanes), emit
