// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.ImageIO;
import live.millrace.platform.shared.Hues;
import net.coobird.thumbnailator.Thumbnails;

/**
 * The two hues that make a picture's mood, as steps of {@link Hues}; the same twice when it has one. Found among colours alone:
 * grey, black bars and burnt-out white have none.
 */
public record Palette(int first, int second) {
    private static final int SIDE = 32;
    private static final double MIN_CHROMA = 0.025;

    /** Of a picture whose every pixel were as colourful as a leaf, this much is needed for a mood. */
    private static final double MIN_MEAN = 0.008;

    /** Apart at least by 45 degrees, or they look like one. */
    private static final int APART = 3;

    /** What the second needs to have of the first. */
    private static final double SECOND = 0.12;

    /**
     * Looks at a picture of our own making, as it is stored: small, and of a kind that is read without fear.
     *
     * @return empty for a grey one, and for what cannot be read
     */
    public static Optional<Palette> of(byte[] picture) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture));
            return image == null
                    ? Optional.empty()
                    : among(Thumbnails.of(image)
                            .forceSize(SIDE, SIDE)
                            .imageType(BufferedImage.TYPE_INT_ARGB)
                            .asBufferedImage());
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<Palette> among(BufferedImage image) {
        double[] bins = new double[Hues.STEPS];
        double all = 0;
        for (int pixel : image.getRGB(0, 0, SIDE, SIDE, null, 0, SIDE)) {
            double weight = add(bins, pixel);
            all += weight;
        }
        if (all < MIN_MEAN * SIDE * SIDE) {
            return Optional.empty();
        }
        int first = peak(bins, -1);
        int second = peak(bins, first);
        return Optional.of(new Palette(first, around(bins, second) < SECOND * around(bins, first) ? first : second));
    }

    /** Adds a pixel to the bin of its hue, by its chroma in OKLCH (bottosson.github.io/posts/oklab). Answers what it added. */
    private static double add(double[] bins, int argb) {
        double red = linear(argb >> 16 & 0xff);
        double green = linear(argb >> 8 & 0xff);
        double blue = linear(argb & 0xff);
        double l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
        double m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
        double s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
        double a = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
        double b = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
        double chroma = Math.hypot(a, b) * (argb >>> 24) / 255;
        if (chroma < MIN_CHROMA) {
            return 0;
        }
        int step = (int) Math.round(Math.toDegrees(Math.atan2(b, a)) * Hues.STEPS / 360);
        bins[Math.floorMod(step, Hues.STEPS)] += chroma;
        return chroma;
    }

    private static double linear(int channel) {
        double value = channel / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    /** The strongest hue, not near another one unless that is none. */
    private static int peak(double[] bins, int other) {
        int best = -1;
        for (int step = 0; step < Hues.STEPS; step++) {
            int distance = Math.floorMod(step - other, Hues.STEPS);
            boolean far = other < 0 || Math.min(distance, Hues.STEPS - distance) >= APART;
            if (far && (best < 0 || around(bins, step) > around(bins, best))) {
                best = step;
            }
        }
        return best;
    }

    /** A hue with half of its neighbours: colours do not end where bins do. */
    private static double around(double[] bins, int step) {
        return bins[step]
                + 0.5 * bins[Math.floorMod(step - 1, Hues.STEPS)]
                + 0.5 * bins[Math.floorMod(step + 1, Hues.STEPS)];
    }
}
