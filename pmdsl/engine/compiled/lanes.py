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


def _less(builder: Any, a: Any, b: Any) -> Any:
    return builder.select(builder.fcmp_ordered("<", a, b), a, b)


add = _of_two(lambda builder, a, b: builder.fadd(a, b), "a + b")
mul = _of_two(lambda builder, a, b: builder.fmul(a, b), "a * b")
lesser = _of_two(_less, "a where a < b, else b.")


@intrinsic
def least(typing: Any, x: Any) -> Any:
    """The smallest of the eight; of no meaning where one is NaN."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = args[0]
        width = WIDTH // 2
        while width:
            halves = [[*range(width)], [*range(width, 2 * width)]]
            nothing = ir.Constant(found.type, ir.Undefined)
            of = ir.VectorType(INT, width)
            found = _less(builder, *(builder.shuffle_vector(found, nothing, of(half)) for half in halves))
            width //= 2
        return builder.extract_element(found, INT(0))

    return types.float64(lanes), emit


@intrinsic
def unknown(typing: Any, a: Any, b: Any) -> Any:
    """Whether one of the sixteen is NaN."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        bits = builder.bitcast(builder.fcmp_unordered("uno", *args), BYTE)
        return builder.icmp_unsigned("!=", bits, BYTE(0))

    return types.boolean(lanes, lanes), emit


@intrinsic
def opaque(typing: Any, x: Any) -> Any:
    """x, of which the compiler knows nothing: a loop that counts with it is not unrolled.

    Unrolled by four, a run of some four rows is a guess of the processor twice: half as fast.
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = args[0].type
        return builder.asm(ir.FunctionType(kind, [kind]), "", "=r,0", args, False)

    return types.uintp(types.uintp), emit
