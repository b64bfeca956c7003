"""What each person of a recording says, frame by frame, as it goes over the wire."""

from appliance.audio import g711
from appliance.audio.wire import bytes_per_sample
from appliance.errors import ProtocolError, RecordingError
from appliance.messages import AudioFormat, Codec, Role
from appliance.replay.pace import FRAME_MS
from appliance.replay.recording import Recording

# The endpointer closes an utterance after half a second of silence; people who hang up
# right after their last word are silent for about as long.
TAIL_MS = 1000


class Voices:
    def __init__(self, recording: Recording, codec: Codec) -> None:
        """Raises RecordingError for a codec that does not go with the recording."""
        self.recording = recording
        self.audio = AudioFormat(codec=codec, rate=recording.rate)
        try:
            whole = bytes_per_sample(self.audio)
        except ProtocolError as error:
            raise RecordingError(
                f"The recording has {recording.rate} samples a second; {codec} has 8000.",
                fix="Play it as pcm_s16le, or convert it to 8000 Hz.",
            ) from error
        if not whole:
            raise RecordingError(
                f"A replay sends samples as they are in the file, not {codec}.",
                fix="Choose pcm_s16le, mulaw or alaw.",
            )

    @property
    def frames(self) -> int:
        """Of each person, the silence at the end included."""
        return -(-(self.recording.duration_ms + TAIL_MS) // FRAME_MS)

    def frame(self, role: Role, number: int) -> bytes:
        step = self.recording.rate * FRAME_MS // 1000
        samples = self.recording.cut(role, number * step, (number + 1) * step)
        if self.audio.codec == "pcm_s16le":
            return samples.astype("<i2").tobytes()
        return g711.encode(samples, "mulaw" if self.audio.codec == "mulaw" else "alaw")
