"""The licence of each library that is installed, as its metadata says it.

python -m tests.licences
"""

from importlib.metadata import Distribution, distributions


def licence_of(distribution: Distribution) -> str:
    """Return the licence that a library names: its expression, its field, or its classifier."""
    said = {
        name: (distribution.metadata.get_all(name) or [""])
        for name in ("License-Expression", "License", "Classifier")
    }
    classified = [
        line.rpartition(" :: ")[2] for line in said["Classifier"] if line.startswith("License")
    ]
    field = said["License"][0].strip().split("\n")[0]
    return said["License-Expression"][0] or ", ".join(classified) or field[:60] or "not said"


def main() -> None:
    """Print a line for each library."""
    found = {item.name: licence_of(item) for item in distributions()}
    for name in sorted(found, key=str.lower):
        print(f"{name:<32} {found[name]}")


if __name__ == "__main__":
    main()
