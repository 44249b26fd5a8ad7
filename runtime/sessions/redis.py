"""Sessions in Redis, shared by all workers of all machines. It needs the package `redis`: `pip install 'pyastro-web[redis]'`.

A session is one hash: when it expires, and a field for each value. Each step is one Lua script, which Redis runs as a
whole, so that parallel writes are merged and nothing brings a destroyed session back. Redis itself removes what expired.
"""

import math
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from pyastro.runtime.errors import ServiceUnavailable
from pyastro.runtime.sessions.store import Changes

DEFAULT_PREFIX = "pyastro:session:"

_CONNECTIONS = 50  # of one process
_SECONDS = 5.0
_EXPIRES = "expires"
_VALUE = "value:"

_LOAD = "return redis.call('HGETALL', KEYS[1])"
_UNLESS_GONE = """
local expires = redis.call('HGET', KEYS[1], 'expires')
if not expires or tonumber(expires) <= tonumber(ARGV[1]) then return 0 end
"""
# now, expires, milliseconds until then, how many names are deleted; these names; names and values in turn
_WRITE = """
local first = 5 + tonumber(ARGV[4])
for i = 5, first - 1 do redis.call('HDEL', KEYS[1], ARGV[i]) end
for i = first, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], 'expires', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""
_MOVE = """
redis.call('RENAME', KEYS[1], KEYS[2])
return 1
"""


class RedisStore:
    """A session store in the Redis that a URL names: `redis://host:6379/0`, `rediss://` with TLS, `unix:///path`.

    The keys of all sessions begin with `prefix`. Nothing is connected before the first session is read or kept.
    """

    def __init__(self, url: str, *, prefix: str = DEFAULT_PREFIX) -> None:
        """Make the store. Raises ValueError for a URL that is none of Redis."""
        self.place = _without_password(url)
        self._prefix = prefix
        pool: Any = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=_SECONDS,  # to wait for one of them
            decode_responses=True,
            encoding_errors="surrogatepass",
            socket_connect_timeout=2.0,
            socket_timeout=_SECONDS,
            # a connection that Redis closed meanwhile is opened again at once
            retry=Retry(ConstantBackoff(0.05), 1, (RedisConnectionError,)),
            health_check_interval=30,
        )
        self._client = client = Redis.from_pool(pool)
        self._load = client.register_script(_LOAD)
        self._create = client.register_script(_WRITE)
        self._update = client.register_script(_UNLESS_GONE + _WRITE)
        self._move = client.register_script(_UNLESS_GONE + _MOVE)

    async def load(self, key: str, now: float) -> tuple[dict[str, str], float] | None:
        """See SessionStore."""
        flat: list[str] = await self._run(self._load, [key], [])
        fields = dict(zip(flat[::2], flat[1::2], strict=True))
        expires = float(fields.pop(_EXPIRES, "0"))
        if expires <= now:
            return None
        return {name.removeprefix(_VALUE): text for name, text in fields.items()}, expires

    async def create(self, key: str, changes: Changes, now: float, expires: float) -> None:
        """See SessionStore."""
        await self._run(self._create, [key], _arguments(changes, now, expires))

    async def update(self, key: str, changes: Changes, now: float, expires: float) -> bool:
        """See SessionStore."""
        return bool(await self._run(self._update, [key], _arguments(changes, now, expires)))

    async def move(self, key: str, new_key: str, now: float) -> bool:
        """See SessionStore."""
        return bool(await self._run(self._move, [key, new_key], [repr(now)]))

    async def delete(self, key: str) -> None:
        """See SessionStore."""
        await self._run(lambda keys, args: self._client.unlink(*keys), [key], [])

    async def close(self) -> None:
        """See SessionStore. The store connects again when it is used after that."""
        await self._client.aclose()

    async def _run(self, script: Any, keys: Sequence[str], arguments: Sequence[str]) -> Any:
        try:
            return await script(keys=[self._prefix + key for key in keys], args=arguments)
        except (RedisError, OSError) as error:
            raise ServiceUnavailable(
                f"The sessions cannot be kept in Redis at {self.place}: {str(error).rstrip('.')}. "
                f"See that it runs and lets this process in: `redis-cli -u {self.place} ping` should say PONG."
            ) from error


def _arguments(changes: Changes, now: float, expires: float) -> list[str]:
    """What the scripts that write are told."""
    milliseconds = max(1, math.ceil((expires - now) * 1000))
    deleted = [_VALUE + name for name in changes.deleted]
    values = [part for name, text in changes.values.items() for part in (_VALUE + name, text)]
    return [repr(now), repr(expires), str(milliseconds), str(len(deleted)), *deleted, *values]


def _without_password(url: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
