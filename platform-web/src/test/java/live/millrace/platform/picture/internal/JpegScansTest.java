// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small file that would keep a processor busy for hours is refused before a pixel is read. */
class JpegScansTest {
    private static final int SIDE = 400;

    private static byte[] jpeg(int mode) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream cache = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setProgressiveMode(mode);
            writer.setOutput(cache);
            writer.write(
                    null, new IIOImage(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB), null, null), param);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** A progressive picture whose last scan, with the table before it, comes so often more. */
    private static byte[] repeated(int times) throws IOException {
        byte[] file = jpeg(ImageWriteParam.MODE_DEFAULT);
        int scan = last(file, file.length, 0xda);
        int from = last(file, scan, 0xc4);
        byte[] again = Arrays.copyOfRange(file, from, file.length - 2);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, file.length - 2);
        for (int i = 0; i < times; i++) {
            out.writeBytes(again);
        }
        out.write(file, file.length - 2, 2);
        return out.toByteArray();
    }

    private static int last(byte[] file, int before, int marker) {
        int at = before - 2;
        while (file[at] != (byte) 0xff || file[at + 1] != (byte) marker) {
            at--;
        }
        return at;
    }

    @Test
    void whatCamerasAndProgramsWriteIsTaken() throws Exception {
        byte[] plain = jpeg(ImageWriteParam.MODE_DISABLED);
        byte[] progressive = jpeg(ImageWriteParam.MODE_DEFAULT);
        assertThat(JpegScans.count(plain)).isOne();
        assertThat(JpegScans.count(progressive)).isBetween(2, 12);
        assertThat(new PictureEncoder().encode(PictureKind.AVATAR, progressive).contentType())
                .isEqualTo("image/jpeg");
    }

    @Test
    void aPictureOfThousandsOfScansIsRefused() throws Exception {
        byte[] bomb = repeated(4_000);
        assertThat(bomb).hasSizeLessThan(400_000);
        assertThat(ImageIO.getImageReaders(ImageIO.createImageInputStream(new ByteArrayInputStream(bomb))))
                .hasNext();
        assertThatThrownBy(() -> new PictureEncoder().encode(PictureKind.AVATAR, bomb))
                .isInstanceOf(BadPictureException.class)
                .hasMessage("picture.large");
    }

    /** A decoder reads on behind each of these, so the count does. */
    @ParameterizedTest
    @ValueSource(strings = {"ffd8 ffe00000", "ffd8 ffe00001", "ffd8 0102ff00", "ffd8 ffd0 ffd7 ff01", "ffd8 ffffff"})
    void nothingHidesAScan(String before) {
        String scans = "ffda0003 00 ff00 ffd3 01 ffda0003 02 ffd9 ffda";
        assertThat(JpegScans.count(HexFormat.of().parseHex((before + scans).replace(" ", ""))))
                .isEqualTo(2);
    }

    @Test
    void aFileThatEndsAnywhereIsCounted() throws Exception {
        byte[] file = jpeg(ImageWriteParam.MODE_DEFAULT);
        for (int length = 0; length < file.length; length += 7) {
            assertThat(JpegScans.count(Arrays.copyOf(file, length))).isLessThanOrEqualTo(12);
        }
    }
}
