"""PostgreSQL by its own client library: the extended protocol with values as text, exactly as an application's driver
would send a statement. Python's drivers put values into the text, which is another statement."""

import ctypes
import dataclasses
import time

_pq = ctypes.CDLL("libpq.so.5")
_PING_REJECT, _RECOVERY_S = 1, 30
_NOTHING, _COMMAND, _ROWS, _SQLSTATE, _SEVERITY = 0, 1, 2, ord("C"), ord("V")
for _name, _type in {"PQconnectdb": ctypes.c_void_p, "PQexec": ctypes.c_void_p, "PQexecParams": ctypes.c_void_p,
                     "PQnotifies": ctypes.c_void_p, "PQerrorMessage": ctypes.c_char_p, "PQcmdStatus": ctypes.c_char_p,
                     "PQcmdTuples": ctypes.c_char_p, "PQresultErrorField": ctypes.c_char_p, "PQfname": ctypes.c_char_p,
                     "PQgetvalue": ctypes.c_char_p, "PQresultErrorMessage": ctypes.c_char_p}.items():
    getattr(_pq, _name).restype = _type


_Unheard = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_char_p)
_unheard = _Unheard(lambda *_: None)


class _Notify(ctypes.Structure):
    _fields_ = [("relname", ctypes.c_char_p), ("pid", ctypes.c_int), ("extra", ctypes.c_char_p), ("next", ctypes.c_void_p)]


@dataclasses.dataclass
class Result:
    """`sqlstate` is empty where all went well; `lost` says that the connection went with it. Without rows, `columns` is None."""

    tag: str = ""
    affected: int = 0
    columns: list = None
    rows: list = dataclasses.field(default_factory=list)
    sqlstate: str = ""
    message: str = ""
    lost: bool = False


def text(value):
    """How a JSON value travels: null is NULL, everything else is text."""
    if value is None or isinstance(value, str):
        return value
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


class Connection:
    """A server that starts, or recovers from a crash, is waited for."""

    def __init__(self, conninfo):
        until = time.monotonic() + _RECOVERY_S
        while _pq.PQping(conninfo.encode()) == _PING_REJECT and time.monotonic() < until:
            time.sleep(0.05)
        self.handle = ctypes.c_void_p(_pq.PQconnectdb(conninfo.encode()))
        if _pq.PQstatus(self.handle) != 0:
            said = _pq.PQerrorMessage(self.handle).decode(errors="replace")
            self.close()
            raise RuntimeError(f"no connection to '{conninfo}': {said}")
        _pq.PQsetNoticeProcessor(self.handle, _unheard, None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.handle:
            _pq.PQfinish(self.handle)
        self.handle = None

    def script(self, sql):
        """One text, of several statements if need be; raises RuntimeError. Returns the last one's result."""
        result = self._result(_pq.PQexec(self.handle, sql.encode()))
        if result.sqlstate:
            raise RuntimeError(f"{result.sqlstate} {result.message.strip()} in: {sql[:300]}")
        return result

    def execute(self, sql, params=()):
        """One statement. The server decides the types of the parameters."""
        values = [None if value is None else text(value).encode() for value in params]
        held = (ctypes.c_char_p * max(1, len(values)))(*values)
        return self._result(_pq.PQexecParams(self.handle, sql.encode(), len(values), None, held, None, None, 0))

    def notifications(self):
        """(channel, payload) of what came since last asked."""
        self.script("SELECT 1")
        found = []
        while notify := _pq.PQnotifies(self.handle):
            one = ctypes.cast(notify, ctypes.POINTER(_Notify)).contents
            found.append((one.relname.decode(), one.extra.decode()))
            _pq.PQfreemem(ctypes.c_void_p(notify))
        return found

    def _result(self, address):
        held = ctypes.c_void_p(address)
        try:
            return self._read(held)
        finally:
            _pq.PQclear(held)

    def _read(self, held):
        status = _pq.PQresultStatus(held)
        if status not in (_NOTHING, _COMMAND, _ROWS):
            lost = _pq.PQstatus(self.handle) != 0
            state = _pq.PQresultErrorField(held, _SQLSTATE)
            return Result(sqlstate=state.decode() if state else "08006", lost=lost,
                          message=(_pq.PQresultErrorMessage(held) or b"").decode(errors="replace"))
        result = Result(tag=_pq.PQcmdStatus(held).decode(), affected=int(_pq.PQcmdTuples(held) or 0))
        if status == _ROWS:
            wide = range(_pq.PQnfields(held))
            result.columns = [_pq.PQfname(held, column).decode() for column in wide]
            result.rows = [[self._value(held, row, column) for column in wide] for row in range(_pq.PQntuples(held))]
        return result

    @staticmethod
    def _value(held, row, column):
        if _pq.PQgetisnull(held, row, column):
            return None
        return _pq.PQgetvalue(held, row, column).decode()
