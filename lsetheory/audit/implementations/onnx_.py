"""onnxruntime: a model of one node, built anew for each call."""

from typing import Any

from lsetheory.audit.implementations._entry import FLOATS, implementation

FORMATS = ("float16", *FLOATS)


@implementation("onnxruntime-logsumexp", "logsumexp", dtypes=FORMATS, algorithm="shifted")
def logsumexp(onnxruntime: Any, onnx: Any) -> Any:
    return lambda x: onnxruntime.InferenceSession(
        onnx.parser.parse_model(
            '<ir_version: 8, opset_import: ["": 13]> g (%s[r, n] x) => (%s[r] y) '
            "{ y = ReduceLogSumExp <axes = [-1], keepdims = 0>(x) }".replace(
                "%s", str(x.dtype).replace("32", "").replace("float64", "double")
            )
        ).SerializeToString()
    ).run(None, {"x": x})[0]


@implementation("onnxruntime-softmax", "softmax", dtypes=FORMATS, algorithm="shifted")
def softmax(onnxruntime: Any, onnx: Any) -> Any:
    return lambda x: onnxruntime.InferenceSession(
        onnx.parser.parse_model(
            '<ir_version: 8, opset_import: ["": 13]> g (%s[r, n] x) => (%s[r, n] y) '
            "{ y = Softmax <axis = -1>(x) }".replace(
                "%s", str(x.dtype).replace("32", "").replace("float64", "double")
            )
        ).SerializeToString()
    ).run(None, {"x": x})[0]


@implementation("onnxruntime-log-softmax", "log_softmax", dtypes=FORMATS)
def log_softmax(onnxruntime: Any, onnx: Any) -> Any:
    return lambda x: onnxruntime.InferenceSession(
        onnx.parser.parse_model(
            '<ir_version: 8, opset_import: ["": 13]> g (%s[r, n] x) => (%s[r, n] y) '
            "{ y = LogSoftmax <axis = -1>(x) }".replace(
                "%s", str(x.dtype).replace("32", "").replace("float64", "double")
            )
        ).SerializeToString()
    ).run(None, {"x": x})[0]
