// Scenes of our own for the README's pictures: drawn, so that nobody else's rights are in them. draw(name, canvas) paints one of NAMES.
const random = (seed) => () => {
  seed = (seed * 1664525 + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

function sky(c, w, h, ...stops) {
  const g = c.createLinearGradient(0, 0, 0, h);
  for (const [i, colour] of stops.entries()) {
    g.addColorStop(i / (stops.length - 1), colour);
  }
  c.fillStyle = g;
  c.fillRect(0, 0, w, h);
}

function glow(c, x, y, r, colour) {
  const g = c.createRadialGradient(x, y, 0, x, y, r);
  g.addColorStop(0, colour);
  g.addColorStop(1, colour.replace(/[\d.]+%\)$/, '0%)')); // not transparent, which is black on its way
  c.fillStyle = g;
  c.fillRect(x - r, y - r, 2 * r, 2 * r);
}

function ridge(c, w, h, base, height, rough, seed, colour) {
  const next = random(seed);
  let points = [0.5, 0.5];
  for (let step = 0; step < 9; step++) {
    const finer = [];
    for (let i = 0; i < points.length - 1; i++) {
      finer.push(points[i], (points[i] + points[i + 1]) / 2 + (next() - 0.5) * rough ** step);
    }
    points = [...finer, points.at(-1)];
  }
  c.fillStyle = colour;
  c.beginPath();
  c.moveTo(0, h);
  points.forEach((p, i) => {
    c.lineTo((i / (points.length - 1)) * w, base - (p - 0.5) * height);
  });
  c.lineTo(w, h);
  c.fill();
}

function pines(c, w, base, count, size, seed, colour) {
  const next = random(seed);
  c.fillStyle = colour;
  for (let i = 0; i < count; i++) {
    const x = next() * w;
    const s = size * (0.5 + next());
    for (let k = 0; k < 5; k++) {
      c.beginPath();
      c.moveTo(x, base - s * (1 - k * 0.16));
      c.lineTo(x - s * (0.07 + k * 0.05), base - s * (0.72 - k * 0.16));
      c.lineTo(x + s * (0.07 + k * 0.05), base - s * (0.72 - k * 0.16));
      c.fill();
    }
  }
}

function stars(c, w, h, count, seed) {
  const next = random(seed);
  for (let i = 0; i < count; i++) {
    c.fillStyle = `rgb(255 255 255 / ${next() * 0.9})`;
    c.beginPath();
    c.arc(next() * w, next() * h, next() * 1.8, 0, 7);
    c.fill();
  }
}

const SCENES = {
  dawn(c, w, h) {
    sky(c, w, h, '#1f2a5a', '#7b4b86', '#f08a6b', '#ffd9a0');
    glow(c, w * 0.62, h * 0.6, h * 0.6, 'rgb(255 240 200 / 90%)');
    ridge(c, w, h, h * 0.62, h * 0.5, 0.6, 7, '#6b4a7d');
    ridge(c, w, h, h * 0.72, h * 0.4, 0.6, 21, '#432f5c');
    ridge(c, w, h, h * 0.86, h * 0.3, 0.62, 4, '#231b3a');
    pines(c, w, h * 0.97, 60, h * 0.16, 3, '#120e22');
  },
  aurora(c, w, h) {
    sky(c, w, h, '#030817', '#08213a', '#0f3c4d');
    stars(c, w, h * 0.8, 500, 5);
    c.globalCompositeOperation = 'lighter';
    for (let x = 0; x < w; x += 3) {
      const top = h * (0.16 + 0.1 * Math.sin(x / 170) + 0.05 * Math.sin(x / 41));
      const g = c.createLinearGradient(0, top, 0, top + h * 0.5);
      g.addColorStop(0, 'rgb(120 60 220 / 0%)');
      g.addColorStop(0.2, `rgb(70 255 170 / ${10 + 8 * Math.sin(x / 19)}%)`);
      g.addColorStop(1, 'rgb(20 120 160 / 0%)');
      c.fillStyle = g;
      c.fillRect(x, top, 5, h * 0.5);
    }
    c.globalCompositeOperation = 'source-over';
    ridge(c, w, h, h * 0.82, h * 0.32, 0.6, 12, '#0a1a26');
    pines(c, w, h, 70, h * 0.2, 9, '#040a10');
  },
  sea(c, w, h) {
    sky(c, w, h, '#7fc4e8', '#cfe9f2', '#f6e6c9');
    glow(c, w * 0.3, h * 0.34, h * 0.4, 'rgb(255 250 225 / 95%)');
    ridge(c, w, h, h * 0.5, h * 0.12, 0.55, 33, '#8fb3c4');
    for (let i = 0; i < 46; i++) {
      const y = h * (0.5 + 0.5 * (i / 46) ** 1.5);
      c.fillStyle = `hsl(${196 + i * 0.5} ${50 + i * 0.4}% ${62 - i * 0.95}%)`;
      c.beginPath();
      c.moveTo(0, h);
      for (let x = 0; x <= w; x += 8) {
        c.lineTo(x, y + Math.sin(x / (30 + i * 5) + i * 1.7) * (1 + i * 0.34));
      }
      c.lineTo(w, h);
      c.fill();
    }
    c.fillStyle = '#fffdf5';
    c.beginPath();
    c.moveTo(w * 0.66, h * 0.3);
    c.lineTo(w * 0.66, h * 0.56);
    c.lineTo(w * 0.735, h * 0.56);
    c.fill();
    c.fillStyle = '#3c5566';
    c.beginPath();
    c.ellipse(w * 0.69, h * 0.58, w * 0.06, h * 0.022, 0, 0, Math.PI);
    c.fill();
  },
  city(c, w, h) {
    sky(c, w, h, '#0b1030', '#2b1d57', '#a2416f', '#f0936b');
    const next = random(99);
    for (let layer = 0; layer < 3; layer++) {
      for (let x = -40; x < w; ) {
        const width = 40 + next() * 90;
        const height = h * (0.2 + next() * (0.36 - layer * 0.04)) * (1 - layer * 0.14);
        const top = h - height - (2 - layer) * h * 0.1;
        c.fillStyle = ['#3a2a63', '#231a45', '#120e2a'][layer];
        c.fillRect(x, top, width, h);
        for (let wy = top + 12; wy < h; wy += 18) {
          for (let wx = x + 8; wx < x + width - 8; wx += 14) {
            if (next() < 0.3 + layer * 0.08) {
              c.fillStyle = `hsl(${36 + next() * 16} 95% ${58 + next() * 24}% / ${30 + layer * 28}%)`;
              c.fillRect(wx, wy, 6, 9);
            }
          }
        }
        x += width + 4;
      }
    }
  },
  meadow(c, w, h) {
    sky(c, w, h, '#9bd3f0', '#e2f3e4', '#f5f1c8');
    glow(c, w * 0.8, h * 0.2, h * 0.45, 'rgb(255 250 210 / 90%)');
    ridge(c, w, h, h * 0.56, h * 0.2, 0.5, 17, '#9cc48a');
    ridge(c, w, h, h * 0.68, h * 0.2, 0.5, 2, '#6fa65a');
    const next = random(8);
    for (let i = 0; i < 3600; i++) {
      const y = h * (0.66 + 0.36 * next() ** 0.7);
      const s = ((y / h - 0.6) / 0.4) ** 1.6;
      const x = next() * w;
      c.strokeStyle = `hsl(${86 + next() * 34} ${46 + next() * 24}% ${24 + next() * 26}%)`;
      c.lineWidth = 1 + s * 2.4;
      c.beginPath();
      c.moveTo(x, y);
      c.quadraticCurveTo(x + next() * 8 - 4, y - s * 30, x + next() * 24 - 12, y - 14 - s * 52 * next());
      c.stroke();
      if (next() < 0.07) {
        c.fillStyle = ['#f4557a', '#ffd23f', '#fff', '#b06cf0'][i % 4];
        c.beginPath();
        c.arc(x, y - 20 - s * 40, 2 + s * 8, 0, 7);
        c.fill();
      }
    }
  },
  paint(c, w, h) {
    c.fillStyle = '#f3ead9';
    c.fillRect(0, 0, w, h);
    const next = random(41);
    c.globalCompositeOperation = 'multiply';
    for (let i = 0; i < 260; i++) {
      const x = next() * w;
      const y = next() * h;
      const hue = (x / w) * 190 + 330 + next() * 40;
      c.fillStyle = `hsl(${hue} 70% ${55 + next() * 25}% / 16%)`;
      for (let k = 0; k < 6; k++) {
        c.beginPath();
        const r = 30 + next() * 150;
        for (let a = 0; a < 7; a += 0.35) {
          const q = r * (0.75 + next() * 0.4);
          c.lineTo(x + Math.cos(a) * q, y + Math.sin(a) * q);
        }
        c.fill();
      }
    }
    c.globalCompositeOperation = 'source-over';
    c.strokeStyle = '#2a2440';
    c.lineCap = 'round';
    for (let i = 0; i < 34; i++) {
      c.lineWidth = 1 + next() * 5;
      c.beginPath();
      let x = w * 0.5 + (next() - 0.5) * w * 0.1;
      let y = h;
      let a = -Math.PI / 2 + (next() - 0.5);
      c.moveTo(x, y);
      for (let k = 0; k < 40; k++) {
        a += (next() - 0.5) * 0.4;
        x += Math.cos(a) * 18;
        y += Math.sin(a) * 18;
        c.lineTo(x, y);
      }
      c.stroke();
    }
  },
  code(c, w, h) {
    c.fillStyle = '#12161f';
    c.fillRect(0, 0, w, h);
    c.fillStyle = '#1b2130';
    c.fillRect(0, 0, w * 0.17, h);
    const next = random(77);
    const colours = ['#7ab8ff', '#c8a6ff', '#8ed67a', '#f0bd5b', '#d7dde8', '#ff92cb'];
    for (let line = 0; line < 30; line++) {
      const y = 40 + (line * (h - 60)) / 30;
      c.fillStyle = '#3c4557';
      c.fillRect(w * 0.185, y, 18, 9);
      let x = w * 0.215 + [0, 1, 1, 2, 2, 3, 2, 1][line % 8] * 34;
      for (let k = 0; k < 2 + next() * 6 && x < w * 0.72; k++) {
        const width = 26 + next() * 110;
        c.fillStyle = colours[Math.floor(next() * colours.length)];
        c.globalAlpha = 0.9;
        c.beginPath();
        c.roundRect(x, y, width, 10, 4);
        c.fill();
        x += width + 12;
      }
      c.globalAlpha = 1;
      c.fillStyle = '#3a4357';
      if (line % 2) {
        c.fillRect(24 + (line % 3) * 12, y, 60 + next() * 90, 8);
      }
    }
    c.fillStyle = '#0c1017';
    c.beginPath();
    c.roundRect(w * 0.76, h * 0.6, w * 0.22, h * 0.35, 14);
    c.fill();
    glow(c, w * 0.87, h * 0.84, h * 0.2, 'rgb(90 140 255 / 45%)');
    c.fillStyle = '#e8b894';
    c.beginPath();
    c.arc(w * 0.87, h * 0.76, h * 0.075, 0, 7);
    c.fill();
    c.fillStyle = '#2b3550';
    c.beginPath();
    c.ellipse(w * 0.87, h * 0.96, w * 0.075, h * 0.12, 0, Math.PI, 0);
    c.fill();
    c.fillStyle = '#33231c';
    c.beginPath();
    c.arc(w * 0.87, h * 0.735, h * 0.078, Math.PI, 0);
    c.fill();
  },
  game(c, w, h) {
    sky(c, w, h, '#2a1b54', '#7a3b8f', '#f2748b');
    const next = random(55);
    const t = 48;
    for (let x = 0; x < w; x += t) {
      const top = Math.round((h * (0.62 + 0.12 * Math.sin(x / 260) + 0.06 * Math.sin(x / 70))) / t) * t;
      for (let y = top; y < h; y += t) {
        const grass = y === top;
        c.fillStyle = grass ? '#4ec07a' : `hsl(258 34% ${26 - ((y - top) / h) * 22 + next() * 4}%)`;
        c.fillRect(x, y, t, t);
        c.fillStyle = grass ? '#7fe39d' : 'rgb(255 255 255 / 5%)';
        c.fillRect(x, y, t, 8);
      }
      if (next() < 0.16) {
        c.fillStyle = '#ffd23f';
        c.beginPath();
        c.arc(x + t / 2, top - t * 1.6, 14, 0, 7);
        c.fill();
      }
    }
    glow(c, w * 0.5, h * 0.3, h * 0.5, 'rgb(255 220 160 / 60%)');
    c.fillStyle = '#19c3b1';
    c.fillRect(w * 0.4, h * 0.43, 54, 64);
    c.fillStyle = '#fff';
    c.fillRect(w * 0.4 + 28, h * 0.43 + 14, 14, 14);
    c.fillStyle = 'rgb(10 8 30 / 70%)';
    c.beginPath();
    c.roundRect(30, 26, 330, 56, 14);
    c.fill();
    for (let i = 0; i < 5; i++) {
      c.fillStyle = i < 4 ? '#ff5470' : '#4a3a63';
      c.beginPath();
      c.arc(66 + i * 44, 54, 15, 0, 7);
      c.fill();
    }
  },
  vinyl(c, w, h) {
    sky(c, w, h, '#3a1420', '#160a14');
    glow(c, w * 0.2, h * 0.1, h, 'rgb(240 120 60 / 45%)');
    c.fillStyle = '#0b080a';
    c.beginPath();
    c.arc(w * 0.52, h * 0.6, h * 0.5, 0, 7);
    c.fill();
    for (let r = h * 0.18; r < h * 0.49; r += 4) {
      c.strokeStyle = `rgb(255 200 150 / ${4 + 5 * Math.abs(Math.sin(r / 17))}%)`;
      c.lineWidth = 1.4;
      c.beginPath();
      c.arc(w * 0.52, h * 0.6, r, 0, 7);
      c.stroke();
    }
    c.fillStyle = '#e0632d';
    c.beginPath();
    c.arc(w * 0.52, h * 0.6, h * 0.15, 0, 7);
    c.fill();
    c.fillStyle = '#f7d9b5';
    c.beginPath();
    c.arc(w * 0.52, h * 0.6, h * 0.05, 0, 7);
    c.fill();
    c.strokeStyle = '#c9ccd4';
    c.lineWidth = 14;
    c.lineCap = 'round';
    c.beginPath();
    c.moveTo(w * 0.86, h * 0.14);
    c.quadraticCurveTo(w * 0.86, h * 0.56, w * 0.66, h * 0.66);
    c.stroke();
  },
  rain(c, w, h) {
    sky(c, w, h, '#22384a', '#3f6473', '#83a3a0');
    const next = random(61);
    for (let i = 0; i < 36; i++) {
      glow(
        c,
        next() * w,
        h * (0.3 + next() * 0.6),
        40 + next() * 110,
        `hsl(${[38, 12, 190, 340][i % 4]} 90% 65% / 55%)`,
      );
    }
    for (let i = 0; i < 900; i++) {
      const x = next() * w;
      const y = next() * h;
      const r = 1.5 + next() * 9;
      c.fillStyle = 'rgb(235 248 255 / 22%)';
      c.beginPath();
      c.ellipse(x, y, r * 0.8, r, 0, 0, 7);
      c.fill();
      c.fillStyle = 'rgb(255 255 255 / 60%)';
      c.beginPath();
      c.arc(x - r * 0.25, y - r * 0.3, r * 0.2, 0, 7);
      c.fill();
    }
  },
  bread(c, w, h) {
    sky(c, w, h, '#5a3a22', '#2a1a10');
    c.fillStyle = '#8a5a33';
    c.fillRect(0, h * 0.62, w, h * 0.4);
    const next = random(14);
    for (let i = 0; i < 120; i++) {
      c.fillStyle = `rgb(40 20 8 / ${next() * 20}%)`;
      c.fillRect(0, h * 0.62 + next() * h * 0.4, w, 2 + next() * 4);
    }
    glow(c, w * 0.5, h * 0.2, h * 0.9, 'rgb(255 190 110 / 55%)');
    for (const [x, y, s] of [
      [0.3, 0.66, 1],
      [0.62, 0.62, 1.2],
      [0.84, 0.72, 0.8],
    ]) {
      const g = c.createRadialGradient(w * x - 40, h * y - 80, 10, w * x, h * y, 240 * s);
      g.addColorStop(0, '#f0bf7a');
      g.addColorStop(0.6, '#b9702f');
      g.addColorStop(1, '#5e2f10');
      c.fillStyle = g;
      c.beginPath();
      c.ellipse(w * x, h * y, 210 * s, 120 * s, -0.1, 0, 7);
      c.fill();
      c.strokeStyle = 'rgb(255 236 200 / 85%)';
      c.lineWidth = 9 * s;
      for (let k = -2; k < 3; k++) {
        c.beginPath();
        c.moveTo(w * x + k * 66 * s - 26, h * y - 66 * s);
        c.quadraticCurveTo(w * x + k * 66 * s, h * y, w * x + k * 66 * s + 30, h * y + 56 * s);
        c.stroke();
      }
    }
  },
  river(c, w, h) {
    sky(c, w, h, '#f4d6a8', '#e8b8a0', '#a9b7b0');
    ridge(c, w, h, h * 0.46, h * 0.36, 0.6, 71, '#c8a99a');
    ridge(c, w, h, h * 0.56, h * 0.28, 0.6, 15, '#8fa08f');
    ridge(c, w, h, h * 0.68, h * 0.18, 0.6, 39, '#4f6f63');
    pines(c, w, h * 0.74, 90, h * 0.16, 6, '#2f4b44');
    for (let i = 0; i < 40; i++) {
      c.fillStyle = `hsl(${170 + i} 22% ${70 - i}% / 70%)`;
      c.fillRect(0, h * (0.74 + i * 0.0065), w, h * 0.007);
    }
    c.fillStyle = '#33261c';
    c.beginPath();
    c.ellipse(w * 0.42, h * 0.86, w * 0.12, h * 0.026, 0, 0, 7);
    c.fill();
    c.strokeStyle = '#c9552e';
    c.lineWidth = 6;
    c.beginPath();
    c.moveTo(w * 0.42, h * 0.84);
    c.lineTo(w * 0.42, h * 0.72);
    c.moveTo(w * 0.3, h * 0.95);
    c.lineTo(w * 0.52, h * 0.76);
    c.stroke();
  },
};

export const NAMES = Object.keys(SCENES);

export function draw(name, canvas) {
  const c = canvas.getContext('2d');
  c.save();
  SCENES[name](c, canvas.width, canvas.height);
  c.restore();
}
