"""Errors of the lab, made as nova makes its own: a message format and the fields as keyword arguments."""


class LabException(Exception):
    msg_fmt = "An unknown exception occurred."

    def __init__(self, message=None, **kwargs):
        self.kwargs = kwargs
        super().__init__(message or self.msg_fmt % kwargs)


class SampleNotFound(LabException):
    msg_fmt = "Sample %(sample_id)s could not be found."
