// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import live.millrace.platform.camera.CameraView;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Where a channel's stream is fetched from, for programs. Nothing here says a password. */
@RestController
class SourceApi {
    private static final String SOURCE = "/api/v1/channels/{channel}/source";

    private static final String ON_DEMAND = "on-demand";
    private static final String ALWAYS = "always";
    private static final String TCP = "tcp";
    private static final String UDP = "udp";

    /**
     * A source.
     *
     * @param url without secrets
     * @param user missing where nobody logs in
     * @param password whether one is kept
     * @param mode {@code on-demand}: while somebody watches; {@code always}
     * @param transport {@code tcp}, or {@code udp} where both sides can
     * @param state {@code ready}, {@code starting}, {@code running}, {@code retrying}, {@code failed} or {@code off}
     * @param failure why the last attempt failed, as programs tell it apart; missing where it did not
     * @param detail the same for people
     * @param lastSeen when media came last; missing for never
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Source(
            String url,
            @Nullable String user,
            boolean password,
            String mode,
            String transport,
            String state,
            @Nullable String failure,
            @Nullable String detail,
            @Nullable Instant lastSeen) {}

    /**
     * One that is wanted.
     *
     * @param url perhaps with user and password in it
     * @param password missing for the one in the address, or the one that is kept for the same address
     */
    record Wanted(
            @Nullable String url,
            @Nullable String user,
            @Nullable String password,
            @Nullable String mode,
            @Nullable String transport) {
        @Override
        public String toString() {
            return "Wanted[hidden]";
        }
    }

    private final Cameras cameras;
    private final MessageSource messages;

    SourceApi(Cameras cameras, MessageSource messages) {
        this.cameras = cameras;
        this.messages = messages;
    }

    private ResponseStatusException refused(String key, Locale locale) {
        return new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, messages.getMessage(key, null, locale));
    }

    @GetMapping(SOURCE)
    Source source(Studio studio, Locale locale) {
        return cameras.of(studio.channel().id())
                .map(camera -> source(camera, locale))
                .orElseThrow(SourceApi::none);
    }

    private static ResponseStatusException none() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "This channel has no source.");
    }

    private Source source(CameraView camera, Locale locale) {
        Optional<String> failure = Optional.ofNullable(camera.failure()).map(Enum::name);
        return new Source(
                camera.address(),
                camera.user().isEmpty() ? null : camera.user(),
                camera.password(),
                camera.always() ? ALWAYS : ON_DEMAND,
                camera.udp() ? UDP : TCP,
                camera.state().name().toLowerCase(Locale.ROOT),
                failure.map(name -> name.toLowerCase(Locale.ROOT).replace('_', '-'))
                        .orElse(null),
                Optional.ofNullable(camera.reason())
                        .map(reason -> messages.getMessage("camera.failure." + reason, null, locale))
                        .orElse(null),
                camera.lastSeen());
    }

    @PutMapping(SOURCE)
    Source put(Studio studio, @RequestBody Wanted wanted, Locale locale) {
        // The address as it is shown here names no user: who says none means the one that there is.
        Optional<String> kept = cameras.of(studio.channel().id())
                .filter(camera -> wanted.user() == null
                        && camera.address().equals(text(wanted.url()).strip()))
                .map(CameraView::user);
        CameraWish wish = new CameraWish(
                text(wanted.url()),
                kept.orElseGet(() -> text(wanted.user())),
                text(wanted.password()),
                chosen(wanted.mode(), ON_DEMAND, ALWAYS, "camera.api.mode", locale),
                chosen(wanted.transport(), TCP, UDP, "camera.api.transport", locale));
        cameras.put(studio.channel().accountId(), studio.channel().id(), wish).ifPresent(error -> {
            throw refused(error, locale);
        });
        return source(studio, locale);
    }

    private static String text(@Nullable String said) {
        return said == null ? "" : said;
    }

    /** Whether the second of two words was said; the first is meant where none was. */
    private boolean chosen(@Nullable String said, String otherwise, String word, String error, Locale locale) {
        if (said != null && !said.equals(otherwise) && !said.equals(word)) {
            throw refused(error, locale);
        }
        return word.equals(said);
    }

    /** What of it is on air ends. */
    @DeleteMapping(SOURCE)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Studio studio) {
        if (!cameras.remove(studio.channel().id())) {
            throw none();
        }
    }
}
