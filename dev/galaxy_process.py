"""Run Galaxy's web server and its Celery worker in one process, in Galaxy's environment.

The worker handles uploads and metadata in processes that have already imported Galaxy; a job would need many seconds
for the import. A separate worker process would be a second process that writes to the SQLite database.
"""

import gc
import os
import sys
import threading


def main(config: str, host: str, port: str) -> None:
    """Serve until a signal ends the process."""
    os.environ["GALAXY_CONFIG_FILE"] = config
    # Galaxy keeps almost all objects that it creates at its start. With the default thresholds, garbage collection
    # takes a quarter of the start-up time.
    default = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    # Imported here because the processes that the worker spawns import this module as well.
    import uvicorn
    from galaxy.webapps.galaxy.fast_factory import factory

    application = factory()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*default)
    _start_worker()
    # Without a timeout, a client that keeps its connection open prevents the server from stopping.
    uvicorn.run(application, host=host, port=int(port), timeout_graceful_shutdown=5)


def _start_worker() -> None:
    from celery.concurrency.thread import TaskPool
    from galaxy.celery import celery_app

    class Threads(TaskPool):
        # Galaxy's job threads wait for tasks in this process; Celery would treat the wait as one inside a task.
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
