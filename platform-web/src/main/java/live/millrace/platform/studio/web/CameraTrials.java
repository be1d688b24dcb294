// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.camera.CameraView;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.engine.FetchFailure;
import live.millrace.platform.engine.FetchTrial;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** What trials of cameras came to, on the page that answers and on those after it. Thread-safe. */
@Component
class CameraTrials {
    /** Of all pictures that are kept for forms that come back, in characters. */
    private static final int MOST_KEPT = 16 << 20;

    /** Beside its picture. */
    private static final int OF_ONE = 1_000;

    /** As long as a form may be open. */
    private static final Duration KEPT = Duration.ofHours(1);

    /**
     * What a trial showed.
     *
     * @param picture an address with all of it inside; null where there is none
     * @param soundAlone it has no picture at all
     * @param hard a codec of its picture that not every browser plays; null where there is none
     * @param unseen a codec of its picture that no browser shows; null where there is none
     * @param unheard a codec of its sound that no browser plays; null where there is none
     * @param shown the address without its secrets
     * @param draft all that was typed, encrypted
     */
    public record Found(
            @Nullable String picture,
            boolean soundAlone,
            List<String> codecs,
            List<String> leftOut,
            @Nullable String hard,
            @Nullable String unseen,
            @Nullable String unheard,
            String shown,
            String draft) {}

    private static final String PICTURE = "data:image/jpeg;base64,";

    private final Cameras cameras;

    /** By their drafts, which nobody can guess. */
    private final Cache<String, Found> kept = Caffeine.newBuilder()
            .maximumWeight(MOST_KEPT)
            .weigher((String _, Found found) ->
                    OF_ONE + (found.picture() == null ? 0 : found.picture().length()))
            .expireAfterWrite(KEPT)
            .build();

    CameraTrials(Cameras cameras) {
        this.cameras = cameras;
    }

    /**
     * Answers with what the camera shows, or with the reason why not, in {@code found}, {@code error} and {@code failure}.
     *
     * @return the address for the form, without what looks like a secret
     */
    String tell(
            long accountId,
            CameraWish wish,
            Cameras.Tried tried,
            String typed,
            HttpServletResponse response,
            Model model) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (tried.good()) {
            model.addAttribute("found", found(accountId, wish, tried));
        } else {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            FetchTrial trial = tried.trial();
            model.addAttribute("error", tried.refused());
            FetchFailure failure = trial == null ? null : trial.failure();
            boolean login = !wish.user().isEmpty()
                    || !wish.password().isEmpty()
                    || !withoutLogin(typed).equals(typed);
            model.addAttribute("failure", failure);
            model.addAttribute("reason", failure == null ? null : CameraView.reason(failure, login));
        }
        String shown = cameras.shown(wish);
        return shown.isEmpty() ? withoutLogin(typed) : shown;
    }

    /** What is no address is shown again, but for the password that may stand in it. */
    static String withoutLogin(String address) {
        return address.replaceFirst("^((?:[^/@]*//)?)[^/]*@", "$1");
    }

    private Found found(long accountId, CameraWish wish, Cameras.Tried tried) {
        FetchTrial trial = Optional.ofNullable(tried.trial()).orElseGet(() -> FetchTrial.failed(FetchFailure.NO_MEDIA));
        byte[] jpeg = tried.jpeg();
        Found found = new Found(
                jpeg == null ? null : PICTURE + Base64.getEncoder().encodeToString(jpeg),
                trial.picture() == null,
                trial.codecs(),
                trial.leftOut(),
                CameraCodecs.hard(trial.codecs()).orElse(null),
                CameraCodecs.unseen(trial.codecs()).orElse(null),
                CameraCodecs.unheard(trial.codecs()).orElse(null),
                cameras.shown(wish),
                cameras.seal(accountId, wish));
        kept.put(found.draft(), found);
        return found;
    }

    /** The picture of a trial before, if it is still known. */
    Optional<byte[]> picture(String draft) {
        return Optional.ofNullable(kept.getIfPresent(draft))
                .map(Found::picture)
                .map(address -> Base64.getDecoder().decode(address.substring(PICTURE.length())));
    }

    /** What a trial showed before, for a form that comes back with its draft; the address alone where that is not known any more. */
    Found again(String draft, CameraWish wish) {
        Found before = kept.getIfPresent(draft);
        return before != null
                ? before
                : new Found(null, false, List.of(), List.of(), null, null, null, cameras.shown(wish), draft);
    }
}
