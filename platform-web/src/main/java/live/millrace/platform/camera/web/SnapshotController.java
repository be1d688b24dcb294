// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.web;

import jakarta.servlet.http.HttpServletRequest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import live.millrace.platform.audience.Audience;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.camera.Snapshots;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.PlayAuthorization;
import live.millrace.platform.engine.PlayQuestion;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.shared.Secrets;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.server.ResponseStatusException;

/**
 * What a channel shows, as one picture, for programs and cards. Whoever may not see the channel is answered as where there is none, and so is
 * who asks for a channel that never showed anything.
 */
@RestController
class SnapshotController {
    /** So long a picture of what everybody may see may be kept by others: as long as it takes until there is a newer one. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    /** Characters; none that was given out has as many. */
    private static final int MOST_TICKET = 64;

    private static final byte[] NOTHING = {};

    private final Channels channels;
    private final Audience audience;
    private final Viewers viewers;
    private final Snapshots snapshots;
    private final PlayAuthorization plays;

    SnapshotController(
            Channels channels, Audience audience, Viewers viewers, Snapshots snapshots, PlayAuthorization plays) {
        this.channels = channels;
        this.audience = audience;
        this.viewers = viewers;
        this.snapshots = snapshots;
        this.plays = plays;
    }

    @GetMapping("/api/v1/channels/{name}/snapshot.jpg")
    ResponseEntity<byte[]> jpeg(@PathVariable String name, HttpServletRequest request) throws InterruptedException {
        return answer(name, request, MediaType.IMAGE_JPEG);
    }

    @GetMapping("/api/v1/channels/{name}/snapshot.png")
    ResponseEntity<byte[]> png(@PathVariable String name, HttpServletRequest request) throws InterruptedException {
        return answer(name, request, MediaType.IMAGE_PNG);
    }

    /** Spring answers 304 to whoever has it already. */
    private ResponseEntity<byte[]> answer(String name, HttpServletRequest request, MediaType type)
            throws InterruptedException {
        Optional<ChannelView> channel = channels.find(name)
                .filter(found -> audience.access(found, viewers.of(request)).open() || opened(found, request));
        Optional<Broadcasting.Snapshot> snapshot =
                channel.isEmpty() ? Optional.empty() : snapshots.newest(channel.get());
        byte[] jpeg = snapshot.orElseThrow(SnapshotController::none).jpeg();
        String tag = tag(jpeg, type);
        // Nothing is encoded for whoever has it.
        boolean known = new ServletWebRequest(request)
                .checkNotModified(tag, snapshot.orElseThrow().at().toEpochMilli());
        boolean open = channel.orElseThrow().visibility().open();
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(
                        open
                                ? CacheControl.maxAge(FRESH).cachePublic()
                                : CacheControl.noCache().cachePrivate())
                .lastModified(snapshot.orElseThrow().at())
                .eTag(tag)
                .body(known ? NOTHING : type.equals(MediaType.IMAGE_PNG) ? png(jpeg) : jpeg);
    }

    /** As media is opened by a ticket: for a program that a viewer handed theirs to. */
    private boolean opened(ChannelView channel, HttpServletRequest request) {
        String ticket = request.getParameter("t");
        return ticket != null
                && ticket.length() <= MOST_TICKET
                && plays.mayPlay(new PlayQuestion(
                        HexFormat.of().formatHex(Secrets.hash(ticket)), Optional.of(channel.name()), Optional.empty()));
    }

    private static ResponseStatusException none() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no picture of such a channel.");
    }

    private static String tag(byte[] jpeg, MediaType type) {
        CRC32 sum = new CRC32();
        sum.update(jpeg);
        return "\"" + Long.toHexString(sum.getValue()) + "-" + Integer.toHexString(jpeg.length) + "-"
                + type.getSubtype() + "\"";
    }

    private static byte[] png(byte[] jpeg) {
        try {
            BufferedImage picture = ImageIO.read(new ByteArrayInputStream(jpeg));
            if (picture == null) {
                throw none();
            }
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", png);
            return png.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
