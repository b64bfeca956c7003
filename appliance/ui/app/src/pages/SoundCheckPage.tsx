/** Does the microphone hear, and the headset sound? */

import { type AudioState, Button, LiveLevelMeter, useAudio } from '@agent/ui';
import { Mic, Volume2 } from 'lucide-react';
import { audio } from '../session/sound';
import { Check } from '../shell/SettingsDialog';
import { SoundNotice } from '../shell/SoundNotice';
import { TabTitle } from '../shell/Title';
import { useAppTexts } from '../texts/Texts';

export function SoundCheckPage() {
  const { soundCheck, audio: texts } = useAppTexts();
  const sound = useAudio(audio);
  const on = sound.state === 'on';
  return (
    <section className="centre">
      <div className="au-card centre__card form">
        <TabTitle>{soundCheck.title}</TabTitle> <h1>{soundCheck.title}</h1>
        <p className="au-empty">{soundCheck.intro}</p>
        <SoundNotice />
        {on ? (
          <>
            <LiveLevelMeter source={audio.microphoneLevel} label={texts.yourVoice} />
            <Devices sound={sound} />
            <p className="au-empty">{soundCheck.beepHint}</p>
            <Button onClick={audio.beep} icon={<Volume2 size={18} />}>
              {soundCheck.beep}
            </Button>
            <Button look="quiet" onClick={audio.stop}>
              {soundCheck.stop}
            </Button>
          </>
        ) : (
          <Button
            look="primary"
            size="large"
            onClick={audio.start}
            disabled={sound.state === 'starting'}
            icon={<Mic size={20} />}
          >
            {soundCheck.begin}
          </Button>
        )}
      </div>
    </section>
  );
}

function Devices({ sound }: Readonly<{ sound: AudioState }>) {
  const { audio: texts } = useAppTexts();
  const { settings } = sound;
  return (
    <>
      <Choice
        label={texts.microphone}
        devices={sound.inputs}
        chosen={settings.input}
        onChoose={(input) => audio.choose({ input })}
      />
      <Choice
        label={texts.speaker}
        devices={sound.outputs}
        chosen={settings.output}
        onChoose={(output) => audio.choose({ output })}
      />
      <Check
        on={settings.echoCancellation}
        onChange={(echoCancellation) => audio.choose({ echoCancellation })}
        label={texts.echo}
      />
      <Check
        on={settings.noiseSuppression}
        onChange={(noiseSuppression) => audio.choose({ noiseSuppression })}
        label={texts.noise}
      />
      <Check
        on={settings.autoGainControl}
        onChange={(autoGainControl) => audio.choose({ autoGainControl })}
        label={texts.gain}
      />
    </>
  );
}

function Choice({
  label,
  devices,
  chosen,
  onChoose,
}: Readonly<{
  label: string;
  devices: AudioState['inputs'];
  chosen: string;
  onChoose: (id: string) => void;
}>) {
  const { audio: texts } = useAppTexts();
  return (
    <label className="au-label">
      {label}
      <select
        className="au-field"
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
      >
        <option value="">{texts.system}</option>
        {devices.map((device) => (
          <option key={device.id} value={device.id}>
            {device.label}
          </option>
        ))}
      </select>
    </label>
  );
}
