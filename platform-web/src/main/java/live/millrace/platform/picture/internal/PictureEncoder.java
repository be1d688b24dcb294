// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.picture.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import live.millrace.platform.picture.BadPictureException;
import live.millrace.platform.picture.PictureKind;
import live.millrace.platform.picture.Pictures;
import net.coobird.thumbnailator.Thumbnails;
import net.coobird.thumbnailator.geometry.Positions;
import net.coobird.thumbnailator.util.exif.ExifFilterUtils;
import net.coobird.thumbnailator.util.exif.ExifUtils;
import net.coobird.thumbnailator.util.exif.Orientation;
import org.springframework.stereotype.Component;

/**
 * From an upload to the bytes that are kept. The header is read before a single pixel is: a file of fifty kilobytes can claim a
 * picture of a gigabyte. Large pictures are read with pixels left out, and only one at a time.
 */
@Component
class PictureEncoder {
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "gif", "webp");
    private static final long MAX_PIXELS = 25_000_000;
    private static final int MAX_SIDE = 12_000;

    /** Pixels that all scans of a JPEG together walk over: twenty times the largest picture, some seconds. */
    private static final long MAX_SCANNED = 500_000_000;

    private static final double QUALITY = 0.86;

    private static final int MOST_WAITING = 8;
    private static final long PATIENCE_SECONDS = 15;

    /** Pixels of one picture take up to 100 MB while they are read. */
    private final Semaphore one = new Semaphore(1, true);

    PictureEncoder() {
        ImageIO.setUseCache(false);
    }

    Pictures.Stored encode(PictureKind kind, byte[] upload) throws BadPictureException {
        take();
        try {
            return write(kind, read(kind, upload));
        } catch (IOException | RuntimeException unreadable) {
            throw new BadPictureException("picture.unreadable");
        } finally {
            one.release();
        }
    }

    /** Waits for its turn, behind a few others at most: each that waits holds its upload and a thread. */
    private void take() throws BadPictureException {
        try {
            if (one.getQueueLength() >= MOST_WAITING || !one.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw BadPictureException.busy();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw BadPictureException.busy();
        }
    }

    private static BufferedImage read(PictureKind kind, byte[] upload) throws BadPictureException, IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(upload))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new BadPictureException("picture.unreadable");
            }
            ImageReader reader = readers.next();
            try {
                if (!FORMATS.contains(reader.getFormatName().toLowerCase(java.util.Locale.ROOT))) {
                    throw new BadPictureException("picture.unreadable");
                }
                reader.setInput(in, true, false);
                int width = reader.getWidth(0);
                int height = reader.getHeight(0);
                if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
                    throw new BadPictureException("picture.large");
                }
                if (reader.getFormatName().equalsIgnoreCase("jpeg")
                        && (long) width * height * JpegScans.count(upload) > MAX_SCANNED) {
                    throw new BadPictureException("picture.large");
                }
                ImageReadParam param = reader.getDefaultReadParam();
                int skip = Math.max(1, Math.min(width / (kind.width() * 2), height / (kind.height() * 2)));
                param.setSourceSubsampling(skip, skip, 0, 0);
                return upright(reader.read(0, param), orientation(reader));
            } finally {
                reader.dispose();
            }
        }
    }

    /** How a phone was held (Exif 2.3 §4.6.4, tag 0x0112); empty where it is not said, or said badly. */
    private static Optional<Orientation> orientation(ImageReader reader) {
        try {
            return Optional.ofNullable(ExifUtils.getExifOrientation(reader, 0));
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private static BufferedImage upright(BufferedImage image, Optional<Orientation> held) {
        return held.map(orientation ->
                        ExifFilterUtils.getFilterForOrientation(orientation).apply(image))
                .orElse(image);
    }

    private static Pictures.Stored write(PictureKind kind, BufferedImage image) throws IOException {
        boolean transparent = image.getColorModel().hasAlpha();
        Thumbnails.Builder<BufferedImage> builder = Thumbnails.of(image)
                .size(kind.width(), kind.height())
                .imageType(transparent ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB)
                .outputFormat(transparent ? "png" : "jpg");
        if (kind.cropped()) {
            builder.crop(Positions.CENTER);
        }
        if (!transparent) {
            builder.outputQuality(QUALITY);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        builder.toOutputStream(out);
        return new Pictures.Stored(transparent ? "image/png" : "image/jpeg", out.toByteArray());
    }
}
