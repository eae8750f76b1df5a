"""Channel routing between two layers: each net runs across the channel on a track of its own.

A `Net` connects pins before the channel (outlets of the earlier layer) with pins after it. Two nets may use one line
only if the first ends before the other begins, so the first needs the earlier track. Where these constraints form a
cycle, a net changes tracks on a free line (a dogleg).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

_FEW = 32


@dataclass(slots=True)
class Net:
    """The pins to connect, as cells across the layers."""

    before: list[int]
    after: list[int]

    @property
    def straight(self) -> bool:
        """Whether it needs no track: one pin on each side, on the same line."""
        return self.before == self.after and len(self.before) == 1


@dataclass(slots=True)
class Bar:
    """A segment across the layers, on a track, from cell `low` to cell `high`."""

    track: int
    low: int
    high: int


@dataclass(slots=True)
class Route:
    """The bars of a net: none if straight, one, or two connected by a dogleg on the line `dogleg`."""

    bars: list[Bar] = field(default_factory=list)
    dogleg: int = 0


@dataclass(slots=True)
class _Piece:
    """A net or half of one: the pins that one bar connects."""

    net: int
    before: list[int]
    after: list[int]
    follows: "_Piece | None" = None
    """The preceding half of the same net."""
    low: int = 0
    high: int = 0
    track: int = -1

    def __post_init__(self) -> None:
        ends = self.before + self.after
        self.low, self.high = min(ends), max(ends)


def route(nets: Sequence[Net]) -> tuple[list[Route], int]:
    """Return a route for each net, and the number of tracks."""
    routes = [Route() for _ in nets]
    pieces = [_Piece(i, net.before, net.after) for i, net in enumerate(nets) if not net.straight]
    if len(pieces) < 2:
        for piece in pieces:
            routes[piece.net].bars.append(Bar(0, piece.low, piece.high))
        return routes, len(pieces)
    doglegs: dict[int, int] = {}
    while True:
        ordered, stuck = _sorted(pieces)
        if stuck is None:
            break
        piece = stuck
        line = _free_line(piece, nets, set(doglegs.values()))
        doglegs[piece.net] = line
        pieces.remove(piece)
        half = _Piece(piece.net, piece.before, [line])
        pieces += [half, _Piece(piece.net, [line], piece.after, half)]
    tracks = _assign(ordered)
    for piece in ordered:
        routes[piece.net].bars.append(Bar(piece.track, piece.low, piece.high))
    for net, line in doglegs.items():
        routes[net].dogleg = line
    return routes, tracks


def _free_line(piece: _Piece, nets: Sequence[Net], taken: set[int]) -> int:
    """Return the unused line nearest to the pins of the piece."""
    used = taken.union(*[net.before for net in nets], *[net.after for net in nets])
    low, high = piece.low, piece.high
    inside = [line for line in range(low, high + 1) if line not in used]
    if inside:
        return inside[len(inside) // 2]
    while high in used:
        high += 1
    while low in used:
        low -= 1
    return low if low >= 0 and piece.low - low < high - piece.high else high


def _sorted(pieces: list[_Piece]) -> tuple[list[_Piece], _Piece | None]:
    """Sort the pieces topologically by their track constraints; on a cycle also return a piece to split in two.

    Of several possible pieces, the most urgent comes next.
    """
    ends_at: dict[int, _Piece] = {}
    for piece in pieces:
        if piece.follows is None:
            for line in piece.before:
                ends_at[line] = piece
    later: dict[int, list[int]] = {}
    number = {id(piece): i for i, piece in enumerate(pieces)}
    missing = [0] * len(pieces)
    for i, piece in enumerate(pieces):
        for line in piece.after:
            first = ends_at.get(line)
            if first is not None and first is not piece:
                later.setdefault(number[id(first)], []).append(i)
                missing[i] += 1
        if piece.follows is not None:
            later.setdefault(number[id(piece.follows)], []).append(i)
            missing[i] += 1
    done: list[_Piece] = []
    broken = {piece.net for piece in pieces if piece.follows is not None}
    urgency = _urgency(pieces)
    waiting = set(range(len(pieces)))
    ready = [(urgency[i], i) for i in range(len(pieces)) if not missing[i]]
    heapify(ready)
    while ready:
        _, i = heappop(ready)
        waiting.remove(i)
        done.append(pieces[i])
        for j in later.get(i, ()):
            missing[j] -= 1
            if not missing[j]:
                heappush(ready, (urgency[j], j))
    if not waiting:
        return done, None
    whole = [pieces[i] for i in sorted(waiting) if pieces[i].after and pieces[i].net not in broken]
    return done, min(whole, key=lambda piece: len(piece.before) + len(piece.after))


def _urgency(pieces: list[_Piece]) -> list[int]:
    """Return the urgency of each piece; the smallest gets the earliest track.

    Of parallel nets that lead down, the lowest comes first; of those that lead up, the highest: then none cross. In
    channels with few nets, the crossings that each order would cause are counted instead.
    """
    if len(pieces) > _FEW:
        return [
            -piece.low if 2 * sum(piece.after) > len(piece.after) * (piece.low + piece.high) else piece.low
            for piece in pieces
        ]
    urgency = [0] * len(pieces)
    for i, a in enumerate(pieces):
        for j in range(i):
            b = pieces[j]
            if a.low <= b.high and b.low <= a.high:
                more = _cost(a, b) - _cost(b, a)
                urgency[i] += more
                urgency[j] -= more
    return urgency


def _cost(first: _Piece, second: _Piece) -> int:
    """Return the crossings between the two pieces if `first` has the earlier track."""
    cost = 0
    for line in first.after:
        cost += second.low < line < second.high
    for line in second.before:
        cost += first.low < line < first.high
    return cost


def _assign(ordered: list[_Piece]) -> int:
    """Left-edge algorithm: put each piece on the first track behind those it must follow, one line from its neighbours.

    Returns the number of tracks.
    """
    tracks: list[list[_Piece]] = []
    ends_at = {line: piece for piece in ordered if piece.follows is None for line in piece.before}
    for position, piece in enumerate(ordered):
        # A free cell between the end of one net and the start of another on the same line keeps them separate.
        ending = [ends_at[line] for line in piece.after if line in ends_at]
        first = max([other.track + 2 for other in ending if other is not piece], default=0)
        for other in ordered[:position]:
            if other.low <= piece.high + 1 and piece.low <= other.high + 1:
                first = max(first, other.track + 1)
        piece.track = first
        while len(tracks) <= first:
            tracks.append([])
        tracks[first].append(piece)
    return len(tracks)
