"""Native libraries that lie in other people's wheels, and their licences: no wheel says.

Read from each library's own sources. What is not in this list has no licence here.
"""

import re
from typing import NamedTuple


class Native(NamedTuple):
    name: str
    licence: str


# A wheel's own extension modules are the package itself.
_EXTENSION = re.compile(r"\.(cpython-\w+|abi3|pypy\w+)(-[\w-]+)?\.so$")

# By the start of the file's name, after "lib".
_KNOWN: dict[str, Native] = {
    "SvtAv1Enc": Native("SVT-AV1", "BSD-3-Clause-Clear"),
    "Xau": Native("libXau", "MIT"),
    "aoti_custom_ops": Native("PyTorch", "BSD-3-Clause"),
    "asound": Native("ALSA library", "LGPL-2.1-or-later"),
    "avcodec": Native("FFmpeg", "GPL-3.0-or-later"),
    "avdevice": Native("FFmpeg", "GPL-3.0-or-later"),
    "avfilter": Native("FFmpeg", "GPL-3.0-or-later"),
    "avformat": Native("FFmpeg", "GPL-3.0-or-later"),
    "avutil": Native("FFmpeg", "GPL-3.0-or-later"),
    "backend_with_compiler": Native("PyTorch", "BSD-3-Clause"),
    "c10": Native("PyTorch", "BSD-3-Clause"),
    "ctranslate2": Native("CTranslate2, with oneDNN", "MIT AND Apache-2.0"),
    "dav1d": Native("dav1d", "BSD-2-Clause"),
    "drm": Native("libdrm", "MIT"),
    "gfortran": Native("GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "ggml": Native("ggml", "MIT"),
    "gmp": Native("GMP", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "gnutls": Native("GnuTLS", "LGPL-2.1-or-later"),
    "gomp": Native("GCC runtime", "GPL-3.0-or-later WITH GCC-exception-3.1"),
    "hogweed": Native("Nettle", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "jitbackend_test": Native("PyTorch", "BSD-3-Clause"),
    "llama": Native("llama.cpp", "MIT"),
    "mp3lame": Native("LAME", "LGPL-2.0-or-later"),
    "mtmd": Native("llama.cpp", "MIT"),
    "nettle": Native("Nettle", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "onnxruntime": Native("ONNX Runtime", "MIT"),
    "opencore-amrnb": Native("OpenCORE AMR", "Apache-2.0"),
    "opencore-amrwb": Native("OpenCORE AMR", "Apache-2.0"),
    "opus": Native("Opus", "BSD-3-Clause"),
    "quadmath": Native("GCC runtime", "LGPL-2.1-or-later"),
    "scipy_openblas64_": Native("OpenBLAS", "BSD-3-Clause"),
    "sharpyuv": Native("libwebp", "BSD-3-Clause"),
    "shm": Native("PyTorch", "BSD-3-Clause"),
    "sndfile": Native("libsndfile, with FLAC, Ogg, Opus, LAME", "LGPL-2.1-or-later"),
    "swresample": Native("FFmpeg", "GPL-3.0-or-later"),
    "swscale": Native("FFmpeg", "GPL-3.0-or-later"),
    "torch": Native("PyTorch", "BSD-3-Clause"),
    "torchbind_test": Native("PyTorch", "BSD-3-Clause"),
    "unistring": Native("libunistring", "LGPL-3.0-or-later OR GPL-2.0-or-later"),
    "vpl": Native("oneVPL", "MIT"),
    "vpx": Native("libvpx", "BSD-3-Clause"),
    "webp": Native("libwebp", "BSD-3-Clause"),
    "webpmux": Native("libwebp", "BSD-3-Clause"),
    "x264": Native("x264", "GPL-2.0-or-later"),
    "x265": Native("x265", "GPL-2.0-or-later"),
    "xcb": Native("libxcb", "MIT"),
}

_NAME = re.compile(r"lib([\w+-]+?)(?:_x86_64|-[0-9a-f]{8})*\.so(?:\.[\d.]+)?$")


def native(file: str) -> Native | None:
    """Whose it is; with an empty licence where that is not known. None for what is no
    library of its own."""
    if _EXTENSION.search(file) or not re.search(r"\.so(\.[\d.]+)?$", file):
        return None
    match = _NAME.match(file)
    name = match[1] if match else file
    # libxcb-shape and libtorch_cpu are parts of libxcb and libtorch.
    for start in (name, name.rpartition("-")[0], *_shorter(name)):
        if start in _KNOWN:
            return _KNOWN[start]
    return Native(name, "")


def _shorter(name: str) -> list[str]:
    words = re.split(r"[_-]", name)
    return [words[0]] if len(words) > 1 else []
