"""`python -m lsetheory` is the command `lsetheory`."""

from lsetheory.cli import main

if __name__ == "__main__":
    main()
