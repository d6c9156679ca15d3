"""What runs in the workers of a Dask cluster. Imported where `distributed` is there, and not before."""

from __future__ import annotations

from pathlib import Path

from distributed import Worker, WorkerPlugin, get_worker

from pmdsl.batch.executors.post import Post
from pmdsl.batch.executors.trouble import other_version
from pmdsl.batch.values import Chunk, Done
from pmdsl.batch.work import Work
from pmdsl.version import __version__


class PostPlugin(WorkerPlugin):  # type: ignore[misc]
    """Sends some work to each worker once, also to those that come later or in place of one that died."""

    def __init__(self, name: str, work: Work, out: Path) -> None:
        self.name = name
        self.work = work
        self.out = out
        self.version = __version__

    def setup(self, worker: Worker) -> None:
        """Make the post; what is wrong with it is told with the first chunk, which the client sees."""
        self.post = Post(self.work, self.out)


def answer(name: str, chunk: Chunk) -> Done:
    """Answer a chunk at the post of a run in this worker. Raises PmdslError."""
    worker = get_worker()
    plugin: PostPlugin = worker.plugins[name]
    if plugin.version != __version__:
        raise other_version(worker.address, __version__, plugin.version)
    return plugin.post.answer(chunk)
