// Puts photographs of pages side by side: node scripts/pictures/montage.mjs OUT.jpg WIDTH ROW_HEIGHT,ROW_HEIGHT… FILE,FILE FILE,FILE… – one list of
// files for each row; each picture keeps its shape, and rows are stretched to the width together.
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [out, width, heights, ...rows] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage();
const pictures = rows.map((row) =>
  row.split(',').map((file) => `data:image/jpeg;base64,${readFileSync(file).toString('base64')}`),
);
const data = await page.evaluate(
  async ([lists, total, wanted]) => {
    const gap = 24;
    const loaded = await Promise.all(
      lists.map((list) =>
        Promise.all(
          list.map(async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            return image;
          }),
        ),
      ),
    );
    const shapes = loaded.map((row, index) => {
      const widths = row.map((image) => (image.width / image.height) * wanted[index]);
      const scale = (total - gap * (row.length + 1)) / widths.reduce((sum, one) => sum + one, 0);
      return { widths: widths.map((one) => one * scale), height: wanted[index] * scale };
    });
    const canvas = document.createElement('canvas');
    canvas.width = total;
    canvas.height = shapes.reduce((sum, shape) => sum + shape.height + gap, gap);
    const c = canvas.getContext('2d');
    c.fillStyle = '#dde1e8';
    c.fillRect(0, 0, canvas.width, canvas.height);
    c.imageSmoothingQuality = 'high';
    let y = gap;
    for (const [index, row] of loaded.entries()) {
      let x = gap;
      for (const [at, image] of row.entries()) {
        const w = shapes[index].widths[at];
        c.save();
        c.beginPath();
        c.roundRect(x, y, w, shapes[index].height, 14);
        c.clip();
        c.drawImage(image, x, y, w, shapes[index].height);
        c.restore();
        x += w + gap;
      }
      y += shapes[index].height + gap;
    }
    return canvas.toDataURL('image/jpeg', 0.84);
  },
  [pictures, Number(width), heights.split(',').map(Number)],
);
writeFileSync(out, Buffer.from(data.split(',')[1], 'base64'));
await browser.close();
