/** Plays time: steps the window on until it reaches the end, or until it is told to stop. */

/** Milliseconds a step is shown at least, by the code of the speed. */
export const SPEEDS = { half: 1800, normal: 900, double: 450, fourfold: 225 };

export class Player {
  /**
   * @param {object} drive
   * @param {() => boolean} drive.atEnd
   * @param {() => void} drive.rewind
   * @param {() => void} drive.step
   * @param {() => Promise<void>} drive.shown settles when the step made last is drawn
   * @param {(playing: boolean) => void} drive.changed
   */
  constructor(drive) {
    this.drive = drive;
    this.playing = false;
    this.pace = SPEEDS.normal;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  async play() {
    const { drive } = this;
    const run = (this.run = {});
    const goes = () => this.playing && this.run === run;
    this.playing = true;
    drive.changed(true);
    if (drive.atEnd()) drive.rewind();
    while (goes() && !drive.atEnd()) {
      await Promise.all([wait(this.pace), drive.shown()]);
      if (goes()) drive.step();
    }
    if (this.run === run) this.pause();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.drive.changed(false);
  }
}

/** @param {number} ms */
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
