"""An HTTP server on loopback that tests put files on and take away again."""

import http.server
import threading
from collections.abc import Callable
from pathlib import Path

Answer = tuple[int, dict[str, str], bytes]


class Origin:
    """Answers what `pages` says, by path; what is not there is 404. `asked` is all requests.

    No connection outlives its answer (HTTP/1.0), so that none does the server.
    """

    def __init__(self) -> None:
        self.pages: dict[str, bytes | Answer | Callable[[], Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        origin = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                origin.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                page = origin.pages.get(self.path, (404, {}, b"no such page"))
                if callable(page):
                    page = page()
                status, headers, body = page if isinstance(page, tuple) else (200, {}, page)
                self.send_response(status)
                for header, value in ({"Content-Length": str(len(body))} | headers).items():
                    self.send_header(header, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])
        self._thread.start()

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return [asked for asked, _ in self.asked].count(path)

    def serve(self, folder: Path, under: str) -> str:
        """Puts every file of a folder below a path; the base URL."""
        for file in folder.rglob("*"):
            if file.is_file():
                self.pages[f"{under}{file.relative_to(folder)}"] = file.read_bytes()
        return self.base + under

    def stop(self) -> None:
        """Listens no more; whoever asks is refused. May be called again."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
