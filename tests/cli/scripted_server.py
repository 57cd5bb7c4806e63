"""A server on loopback that says what a test wants, for what real servers cannot be made to say."""
import socket
import threading


class ScriptedServer:
    """Listens on a free port inside a `with`; each client is talked to by talk(client) on a thread of its own."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(client,), daemon=True).start()

    def talk(self, client):
        raise NotImplementedError
