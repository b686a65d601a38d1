"""Images that replace the diagram if Graphviz cannot draw it. They do not need any library."""

from base64 import b64decode

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="403" height="38">
<text x="10" y="24" font-family="sans-serif" font-size="14">No diagram: Graphviz is missing. See the job's log.</text>
</svg>
"""
# The same text as a black and white image.
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAZMAAAAmAQAAAAApF0u+AAABjUlEQVR42u3TQUsCQRQAYE8ZJHqMQPLSsUNgh2St7ebf8NTeXKNwkVUHb927"
    "6CE69AeETlKbhogXQaJDLehOEuxeyt1OMtTOayyXdRc7dKmLA8O8N8M3wxtmAvDr9hRYmIX5B6Mjd5KHBrB0DGQ68Q6AbXDSb5MEMKbL5S8z"
    "uyvrMus29Zqoa3b9pveDCQ1hKf123LqLUXQfSQWLNT5LT8bhtYsmYMuiy3u8Fl0fklbbNZtdqpf0I9IdlVDPiHNcA4lUyNmkWoGOLqD8AA+6"
    "JibVqms2tA+9JEp236QWHsvc1Q0I1MgViXINlimivNpTXwxMFMU121pBT4vSLTMFHJS5UwWy1JDCCWbofpqXHyPqq/HsMVvsnIwonU2MJsnc"
    "Qx1KzJgqMyCaIKvAzrE9ZofVkzmQ6n0TkpoQ5zqXjqmAJhggD4DVY3vqSU7u7VBq90eojFdTXKfGp1k9oYTS7DWtLFrRYlo01mL3hn1vB/nG"
    "SbOdALvpjKHzDPEa4jMWzDEtJzh308U/XZg/NZ9ZGBlRCBgIXgAAAABJRU5ErkJggg=="
)
IMAGES = {"svg": SVG.encode(), "png": b64decode(PNG)}
