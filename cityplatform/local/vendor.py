"""Copy the browser libraries from ``node_modules`` to ``static/vendor``; run by docker/start/bootstrap.

Uses the standard library only. Each is served as it was published: ES modules, no bundler, no CDN.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIBRARIES = {
    "maplibre-gl": [
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css",
        "LICENSE.txt",
    ],
    "echarts": ["dist/echarts.esm.min.mjs", "LICENSE", "NOTICE"],
    "uplot": ["dist/uPlot.esm.js", "dist/uPlot.min.css", "LICENSE"],
    "@alpinejs/csp": ["dist/cdn.min.js", "dist/module.esm.min.js", "package.json"],
}


def vendor_copy(modules: Path, target: Path) -> None:
    """Replace ``target`` by fresh copies of the listed files, under the paths that they have in npm."""
    shutil.rmtree(target, ignore_errors=True)
    for package, files in LIBRARIES.items():
        for name in files:
            source = modules / package / name
            if not source.exists():
                sys.exit(f"{source} is missing: the version of {package} in package.json has other files.")
            (target / package / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / package / name)


if __name__ == "__main__":
    vendor_copy(ROOT / "node_modules", ROOT / "static" / "vendor")
