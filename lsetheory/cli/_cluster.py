"""A Dask cluster as an executor, looked at before work is sent to it."""

import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from lsetheory.errors import InputError, optional


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The cluster's executor.

    Raises:
        InputError: no scheduler answers at the address, or a worker lacks this package.
        MissingExtra: Dask is not installed.
    """
    distributed = optional("distributed", "dask")
    try:
        client = distributed.Client(address)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--scheduler: expected the address of a Dask scheduler that answers, as "
            f"tcp://head:8786, got {address!r} ({error}); start one with  dask scheduler"
        ) from None
    with client, client.get_executor() as pool:
        check_workers(client, address)
        yield pool


def check_workers(client: Any, address: str) -> None:
    """See that every worker there is can do the work; one without the package would die of it.

    Raises:
        InputError: a worker cannot import this package.
    """
    found = client.run(find_spec, "lsetheory")
    bare = sorted(worker for worker, spec in found.items() if spec is None)
    if bare:
        raise InputError(
            f"--scheduler {address}: expected lsetheory on every worker, got none on "
            f"{', '.join(bare)}; install the version of this machine there"
        )
    if not found:
        warnings.warn(
            f"{address} has no worker yet; the work waits for  dask worker {address}",
            stacklevel=2,
        )
