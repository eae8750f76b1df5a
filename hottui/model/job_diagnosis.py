"""The service's diagnosis of a job: `GetJobDiagnosis`."""

from hottui.model.lenient_parsing import Items, Lenient, LenientModel, Text, Time, Whole


class Symptom(LenientModel):
    """One finding, and the recommendation."""

    name: Text = ""
    description: Text = ""
    recommendation: Text = ""


class Symptoms(LenientModel):
    """The findings by area."""

    autopilot: Lenient[Symptom] = None
    startup: Items[Symptom] = ()
    runtime: Items[Symptom] = ()
    state: Items[Symptom] = ()
    troubleshooting: Items[Symptom] = ()
    others: Items[Symptom] = ()


class JobDiagnosis(LenientModel):
    """One diagnosis; `health_score` is 0 to 100, `risk_level` `RISK_LEVEL_HIGH`, `_MID` or `_LOW`."""

    diagnose_id: Text = ""
    diagnose_time: Time = None
    health_score: Whole = None
    risk_level: Text = ""
    symptoms: Lenient[Symptoms] = None

    @property
    def findings(self) -> tuple[tuple[str, Symptom], ...]:
        """Each symptom with a text, and its area."""
        if self.symptoms is None:
            return ()
        found = [("autopilot", self.symptoms.autopilot)]
        for area in ("startup", "runtime", "state", "troubleshooting", "others"):
            found += [(area, symptom) for symptom in getattr(self.symptoms, area)]
        return tuple((area, s) for area, s in found if s and (s.name or s.description or s.recommendation))
