"""Galaxy's web server with its Celery worker in one process; runs in Galaxy's environment, not in that of ``dev``.

The worker handles uploads and metadata in processes that have imported Galaxy already, where a job would need many
seconds for the import alone. A worker beside the server would be a second process that writes to the SQLite database.
"""

import os
import sys
import threading


def main(config: str, host: str, port: str) -> None:
    """Serve until a signal ends this process."""
    os.environ["GALAXY_CONFIG_FILE"] = config
    # Here, because the worker's own processes import this module too.
    import uvicorn
    from galaxy.webapps.galaxy.fast_factory import factory

    application = factory()
    _start_worker()
    # Without a limit, a client that keeps its connection open would keep the server from stopping.
    uvicorn.run(application, host=host, port=int(port), timeout_graceful_shutdown=5)


def _start_worker() -> None:
    from celery.concurrency.thread import TaskPool
    from galaxy.celery import celery_app

    class Threads(TaskPool):
        # The threads that run Galaxy's jobs wait for tasks, and Celery would take them for tasks.
        task_join_will_block = False

    worker = celery_app.WorkController(
        pool=Threads,
        concurrency=os.cpu_count() or 1,
        queues=["galaxy.internal", "galaxy.external"],
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
    threading.Thread(target=worker.start, name="celery", daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
