// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.recording.UploadRefusedException;
import live.millrace.platform.recording.UploadView;
import live.millrace.platform.recording.VideoAccess;
import live.millrace.platform.recording.VideoUploads;
import live.millrace.platform.shared.ByteSizes;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Files that become videos, piece by piece. What is sent to an upload's address is the core of tus 1.0
 * (https://tus.io/protocols/resumable-upload): HEAD says how far it is, PATCH goes on from there.
 */
@RestController
@RequestMapping("/api/v1/channels/{name}/uploads")
class UploadApi {
    static final String OFFSET = "Upload-Offset";
    private static final String LENGTH = "Upload-Length";
    private static final String VERSION = "Tus-Resumable";

    /** draft-ietf-httpbis-resumable-upload §4.1.4 */
    private static final String LIMIT = "Upload-Limit";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** As tus calls them, the draft, and whoever knows neither. */
    private static final List<String> PIECES =
            List.of("application/offset+octet-stream", "application/partial-upload", "application/octet-stream");

    /** What is to come. */
    record Begin(
            @Nullable String fileName,
            @Nullable Long size,
            @Nullable String title) {}

    /**
     * An upload.
     *
     * @param refusal in words, why it is not taken
     * @param video the id of what it became
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Upload(
            String id,
            String fileName,
            String title,
            long size,
            long received,
            UploadView.State state,
            int percent,
            @Nullable String refusal,
            @Nullable String video,
            Instant createdAt) {}

    private final VideoUploads uploads;
    private final Channels channels;
    private final VideoAccess access;
    private final MessageSource messages;

    UploadApi(VideoUploads uploads, Channels channels, VideoAccess access, MessageSource messages) {
        this.uploads = uploads;
        this.channels = channels;
        this.access = access;
        this.messages = messages;
    }

    private static ResponseStatusException missing() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such upload.");
    }

    /** One that somebody may upload to; to everybody else there is nothing here. */
    private ChannelView channel(String name, @Nullable AccountPrincipal person) {
        return channels.find(name)
                .filter(channel -> access.of(channel, person).uploads())
                .orElseThrow(UploadApi::missing);
    }

    private UploadView upload(String name, String id, @Nullable AccountPrincipal person) {
        return uploads.find(channel(name, person).id(), id).orElseThrow(UploadApi::missing);
    }

    private Upload said(UploadView upload, Locale locale) {
        return new Upload(
                upload.id(),
                upload.fileName(),
                upload.title(),
                upload.bytes(),
                upload.received(),
                upload.state(),
                upload.percent(),
                upload.refusal() == null
                        ? null
                        : messages.getMessage(
                                "video.upload.refused." + upload.refusal(), new Object[] {upload.codec()}, locale),
                upload.video(),
                upload.createdAt());
    }

    @GetMapping
    List<Upload> list(@PathVariable String name, @AuthenticationPrincipal AccountPrincipal principal, Locale locale) {
        return uploads.ofChannel(channel(name, principal).id()).stream()
                .map(upload -> said(upload, locale))
                .toList();
    }

    @PostMapping
    ResponseEntity<Upload> begin(
            @PathVariable String name,
            @RequestBody Begin begin,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        ChannelView channel = channel(name, principal);
        UploadView fresh = uploads.begin(
                channel,
                principal.accountId(),
                Optional.ofNullable(begin.fileName()).orElse(""),
                Optional.ofNullable(begin.title()).orElse(""),
                Optional.ofNullable(begin.size()).orElse(0L));
        return ResponseEntity.created(URI.create("/api/v1/channels/" + channel.name() + "/uploads/" + fresh.id()))
                .header(LIMIT, limit())
                .body(said(fresh, locale));
    }

    private static String limit() {
        return "max-append-size=" + VideoUploads.MAX_PIECE;
    }

    /** How far it is; HEAD is answered alike. */
    @GetMapping("/{upload}")
    ResponseEntity<Upload> one(
            @PathVariable String name,
            @PathVariable String upload,
            @AuthenticationPrincipal AccountPrincipal principal,
            Locale locale) {
        UploadView found = upload(name, upload, principal);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(OFFSET, Long.toString(found.received()))
                .header(LENGTH, Long.toString(found.bytes()))
                .header(LIMIT, limit())
                .header(VERSION, "1.0.0")
                .body(said(found, locale));
    }

    /** Takes the next piece, of 16 MiB at most. */
    @PatchMapping("/{upload}")
    ResponseEntity<Void> append(
            @PathVariable String name,
            @PathVariable String upload,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request)
            throws IOException {
        UploadView found = upload(name, upload, principal);
        if (request.getContentLengthLong() > VideoUploads.MAX_PIECE) {
            throw new UploadRefusedException(UploadRefusedException.Why.PIECE, VideoUploads.MAX_PIECE);
        }
        if (!PIECES.contains(String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT))) {
            throw new ResponseStatusException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Send the piece as " + PIECES.getFirst() + ".");
        }
        UploadView now = uploads.append(found, offset(request.getHeader(OFFSET)), request.getInputStream());
        return ResponseEntity.noContent()
                .header(OFFSET, Long.toString(now.received()))
                .header(VERSION, "1.0.0")
                .build();
    }

    private static long offset(@Nullable String header) {
        if (header == null || !NUMBER.matcher(header).matches()) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "Say in " + OFFSET + " where the piece begins.");
        }
        return Long.parseLong(header);
    }

    /** Nothing of it is wanted any more. */
    @DeleteMapping("/{upload}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(
            @PathVariable String name,
            @PathVariable String upload,
            @AuthenticationPrincipal AccountPrincipal principal) {
        if (!uploads.cancel(upload(name, upload, principal))) {
            throw new UploadRefusedException(UploadRefusedException.Why.CLOSED);
        }
    }

    /** Why not, in words; where it has to go on, as tus has it. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(UploadRefusedException refused, Locale locale) {
        HttpStatus status = switch (refused.why()) {
            case OFF -> HttpStatus.FORBIDDEN;
            case NAME, TITLE, SIZE -> HttpStatus.UNPROCESSABLE_CONTENT;
            case LARGE, PIECE -> HttpStatus.CONTENT_TOO_LARGE;
            case MANY, OFFSET, OVERTAKEN -> HttpStatus.CONFLICT;
            case QUOTA, ROOM -> HttpStatus.INSUFFICIENT_STORAGE;
            case CLOSED -> HttpStatus.GONE;
        };
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                status,
                messages.getMessage(
                        "video.upload.said." + refused.why(),
                        new Object[] {refused.number(), ByteSizes.text(refused.number())},
                        locale));
        problem.setProperty("code", "upload-" + refused.why().name().toLowerCase(Locale.ROOT));
        ResponseEntity.BodyBuilder answer =
                ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (refused.why() == UploadRefusedException.Why.OFFSET) {
            answer.header(OFFSET, Long.toString(refused.number()));
        }
        return answer.body(problem);
    }
}
