"""The fields of a job: state, health, engine, what it runs with, who changed it last, and what could not be read."""

from hottui.analysis.stack_trace import failure_text
from hottui.model.control_characters import visible
from hottui.model.job import JOB_FAILED, RUNNING
from hottui.model.masking import masked_line
from hottui.model.tracking import NOT_CALLED
from hottui.render.ages import clock_time, seen_age
from hottui.render.job_context import JobContext
from hottui.render.local_times import date_time, zone_name
from hottui.render.styled_text import Line, Span, field
from hottui.render.units import metric_text

_PERMISSION = "permission"
"""The cause of a `Trouble` that is a denial."""


def state_text(context: JobContext) -> Span:
    """Return glyph and state of the job, with the name of the style."""
    glyphs, job = context.glyphs, context.job
    if context.reading.gone:
        return Span(f"{glyphs.gone} gone", "gone")
    if job is None or not job.state:
        return Span(f"{glyphs.waiting} not known", "dim")
    name = {RUNNING: "updated", JOB_FAILED: "failed"}.get(job.state, "unknown")
    return Span(f"{getattr(glyphs, name)} {visible(job.state)}", name)


def job_fields(context: JobContext) -> tuple[Line, ...]:
    """Return the fields above the changes."""
    job, width = context.job, context.width
    out = [*_state(context)]
    if job is not None and job.failure is not None:
        out += field("Failure", failure_text(job.failure), "failed", width=width)
    out += _known("Health", _health(context), context, "GetJob")
    out += _known("Deployment", _deployment(context), context, "GetJob")
    out += _known("Engine", _engine(context), context, "GetJob")
    out += _known("Runs with", _resources(context), context, "GetJob")
    out += _known("Last changed", _changed(context), context, "GetDeployment")
    out += _saved(context)
    return tuple(out)


def trouble_lines(context: JobContext) -> tuple[Line, ...]:
    """Return one line for all denied actions, and one for each action that failed otherwise."""
    denied = sorted(action for action, trouble in context.troubles.items() if trouble.cause == _PERMISSION)
    out: list[Line] = []
    if denied:
        out += field("Not permitted", ", ".join(denied), "dim", width=context.width)
    for action, trouble in sorted(context.troubles.items()):
        if trouble.cause != _PERMISSION:
            out += field("Not read", f"{action}: {trouble.message}", "stale", width=context.width)
    return tuple(out)


def _known(name: str, value: str, context: JobContext, action: str) -> tuple[Line, ...]:
    """Return a field; if its value is not known, the reason."""
    if value:
        return field(name, masked_line(value), width=context.width)
    return field(name, f"not known{_because(context, action)}", "dim", width=context.width)


def _because(context: JobContext, action: str) -> str:
    trouble = context.troubles.get(action)
    if trouble is not None and trouble.cause == NOT_CALLED:
        return f": {action} was not called"
    if trouble is not None:
        return f": {action} is not permitted" if trouble.cause == _PERMISSION else f": {action} failed"
    if context.complete and context.job is None and context.deployment is None and not context.troubles:
        return ": jobs are not read (insight = false)"
    return "" if (context.job if action == "GetJob" else context.deployment) is not None else " yet"


def _state(context: JobContext) -> tuple[Line, ...]:
    job, reading = context.job, context.reading
    state = state_text(context)
    if job is None and not reading.gone:
        return field("State", f"not known{_because(context, 'GetJob')}", "dim", width=context.width)
    parts = []
    if job is not None and job.end_time is not None:
        parts.append(f"ended {clock_time(job.end_time)}")
    if job is not None and job.flink_state and job.flink_state != job.state:
        parts.append(f"Flink: {visible(job.flink_state)}")
    if reading.at is not None:
        age = seen_age(context.now - reading.at)
        parts.append("read now" if age == "now" else f"read {age} ago")
    first, *more = field("State", state.text, state.style)
    text = f"  {', '.join(parts)}"
    if len(first.text) + len(text) <= context.width:
        return (Line((*first.spans, Span(text, "dim")), first.value), *more)
    return (first, *field("", ", ".join(parts), "dim", width=context.width))


def _health(context: JobContext) -> str:
    job, diagnosis = context.job, context.diagnosis
    score = diagnosis.health_score if diagnosis else None
    risk = diagnosis.risk_level if diagnosis else ""
    if job is not None:
        score, risk = job.health if score is None else score, risk or job.risk
    level = visible(risk.removeprefix("RISK_LEVEL_").lower().replace("_", " "))
    restarts = job.restarts if job else None
    parts = (
        "" if score is None else f"{score} of 100",
        f"{level} risk" if level else "",
        "" if restarts is None else f"{restarts:,} {'restart' if restarts == 1 else 'restarts'} since the start",
    )
    return ", ".join(filter(None, parts))


def _engine(context: JobContext) -> str:
    settings = context.job or context.deployment
    if settings is None:
        return ""
    started = context.job.start_time if context.job else None
    since = f"started {date_time(started)[:16]} {zone_name(started)}" if started is not None else ""
    return ", ".join(filter(None, (settings.engine_version, settings.execution_mode, since)))


def _deployment(context: JobContext) -> str:
    job, deployment = context.job, context.deployment
    name = context.name or (deployment.name if deployment else "")
    of = (job.deployment_id if job else "") or (deployment.deployment_id if deployment else "")
    return f"{name}  ({of})" if name and of else name or of


def _resources(context: JobContext) -> str:
    job, flink = context.job, context.reading.flink
    found = []
    if job is not None and job.parallelism is not None:
        found.append(f"parallelism {job.parallelism:,}")
    vertices = sorted(set(flink.parallelism_by_vertex.values())) if flink else []
    if vertices and (job is None or vertices != [job.parallelism]):
        span = f"{vertices[0]:,}" if len(vertices) == 1 else f"{vertices[0]:,} to {vertices[-1]:,}"
        found.append(f"vertices ×{span} in Flink")
    if measured := metric_text(job.metric if job else None):
        found.append(f"{measured} by GetJob")
    return ", ".join(found)


def _changed(context: JobContext) -> str:
    """Return who changed the settings last, and when: the deployment's, else those the job was started with."""
    for settings in (context.deployment, context.job):
        if settings is not None and (settings.changed_by or settings.modified_at is not None):
            when = clock_time(settings.modified_at) if settings.modified_at is not None else "at an unknown time"
            return f"{when} by {settings.changed_by or 'an unknown user'}"
    return ""


def _saved(context: JobContext) -> tuple[Line, ...]:
    changed = context.deployment.deployment_has_changed if context.deployment else None
    if changed is None:
        return _known("Saved settings", "", context, "GetDeployment")
    if changed:
        return field(
            "Saved settings", "differ from those of the running job; they apply at its next start.", "warning",
            width=context.width,
        )  # fmt: skip
    return field("Saved settings", "same as those of the running job")


def finding_lines(context: JobContext) -> tuple[Line, ...]:
    """Return the findings of the service's diagnosis, each with its recommendation."""
    out: list[Line] = []
    for area, symptom in context.diagnosis.findings if context.diagnosis else ():
        if area == "autopilot" and not symptom.recommendation:
            continue  # states that it is enabled
        out += field("Diagnosis", masked_line(symptom.description or symptom.name), "warning", width=context.width)
        if symptom.recommendation:
            out += field("", masked_line(symptom.recommendation), "dim", width=context.width)
    return tuple(out)
