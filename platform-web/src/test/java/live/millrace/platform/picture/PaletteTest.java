// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The hues that a picture's mood is made of; as OKLCH has them, red at 29, yellow at 110, green at 142, blue at 264 degrees. */
class PaletteTest {
    private static final int RED = 2;
    private static final int YELLOW = 7;
    private static final int BLUE = 18;

    private static Optional<Palette> of(Color top, Color middle, Color bottom) throws IOException {
        BufferedImage image = new BufferedImage(320, 180, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = image.createGraphics();
        pen.setColor(top);
        pen.fillRect(0, 0, 320, 60);
        pen.setColor(middle);
        pen.fillRect(0, 60, 320, 60);
        pen.setColor(bottom);
        pen.fillRect(0, 120, 320, 60);
        pen.dispose();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return Palette.of(out.toByteArray());
    }

    @Test
    void oneColourIsBoth() throws IOException {
        assertThat(of(Color.RED, Color.RED, Color.RED)).contains(new Palette(RED, RED));
    }

    @Test
    void theSecondIsFarFromTheFirst() throws IOException {
        assertThat(of(Color.BLUE, Color.BLUE, Color.YELLOW)).contains(new Palette(BLUE, YELLOW));
        assertThat(of(Color.RED, new Color(255, 60, 0), Color.BLUE).map(Palette::second))
                .contains(BLUE);
    }

    @Test
    void barsAboveAndBelowCountForNothing() throws IOException {
        assertThat(of(Color.BLACK, Color.BLUE, Color.BLACK)).contains(new Palette(BLUE, BLUE));
    }

    @Test
    void aGreyPictureHasNone() throws IOException {
        assertThat(of(Color.WHITE, Color.GRAY, Color.BLACK)).isEmpty();
    }

    @Test
    void whatIsNoPictureHasNone() {
        assertThat(Palette.of("words".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
