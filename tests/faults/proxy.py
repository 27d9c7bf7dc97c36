"""A TCP proxy that is slow, says nothing, or resets what it carries."""

import asyncio
import socket
import struct
import threading


class Proxies:
    """All proxies of a cluster; one thread with one loop carries them."""

    def __init__(self, network):
        self.network = network
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def add(self, host, port, target):
        """Carries what arrives at the host's `port` to its own port `target`."""
        proxy = Proxy(self, host, port, target)
        self.call(proxy.listen())
        return proxy

    def stop(self):
        async def cancel_all():
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        self.call(cancel_all())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


class Proxy:
    def __init__(self, owner, host, port, target):
        self.owner, self.host, self.port, self.target = owner, host, port, target
        self.delay = 0.0
        self.talks = asyncio.Event()
        self.writers = set()

    async def listen(self):
        self.talks.set()
        with self.owner.network.inside(self.host):
            listener = socket.create_server(("0.0.0.0", self.port), backlog=64)
        self.server = await asyncio.start_server(self._carry, sock=listener)

    async def _carry(self, reader, writer):
        try:
            there = await self._reach()
        except OSError:
            self._reset(writer)
            return
        self.writers |= {writer, there[1]}
        try:
            await asyncio.gather(self._pump(reader, there[1]), self._pump(there[0], writer))
        except OSError:
            self._reset(writer)
            self._reset(there[1])
        finally:
            for each in (writer, there[1]):
                self.writers.discard(each)
                each.close()

    async def _reach(self):
        with self.owner.network.inside(self.host):
            connection = socket.socket()
        connection.setblocking(False)
        try:
            await self.owner.loop.sock_connect(connection, (self.owner.network.address(self.host), self.target))
        except OSError:
            connection.close()
            raise
        return await asyncio.open_connection(sock=connection)

    async def _pump(self, reader, writer):
        while data := await reader.read(65536):
            if self.delay:
                await asyncio.sleep(self.delay)
            await self.talks.wait()
            writer.write(data)
            await writer.drain()
        await self.talks.wait()
        writer.close()

    @staticmethod
    def _reset(writer):
        connection = writer.get_extra_info("socket")
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass
        writer.transport.abort()

    def slow(self, seconds):
        """Every piece, each way, arrives so much later."""
        self.delay = seconds

    def mute(self):
        """Connections stay, new ones come about, and nothing passes: what a half-open connection looks like."""
        self.owner.loop.call_soon_threadsafe(self.talks.clear)

    def pass_on(self):
        self.delay = 0.0
        self.owner.loop.call_soon_threadsafe(self.talks.set)

    def reset(self):
        """Breaks what is open now, at both ends."""
        self.owner.loop.call_soon_threadsafe(lambda: [self._reset(each) for each in list(self.writers)])
