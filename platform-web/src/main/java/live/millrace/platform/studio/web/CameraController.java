// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import live.millrace.platform.camera.CameraRights;
import live.millrace.platform.camera.CameraView;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.channel.Visibility;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** A camera in a minute: an address, what it shows, a name, who may watch. And what became of the cameras that there are. */
@Controller
class CameraController {
    private static final String EDIT = "studio/camera-edit";
    private static final String WIZARD = "redirect:/studio/camera";

    private final Cameras cameras;
    private final CameraRights rights;
    private final ExtraChannels extra;
    private final ShownTo shown;
    private final CameraPage page;
    private final CameraTrials trials;

    CameraController(
            Cameras cameras,
            CameraRights rights,
            ExtraChannels extra,
            ShownTo shown,
            CameraPage page,
            CameraTrials trials) {
        this.cameras = cameras;
        this.rights = rights;
        this.extra = extra;
        this.shown = shown;
        this.page = page;
        this.trials = trials;
    }

    // ---- making one -------------------------------------------------------------------------------------------

    /** @param on the channel that is to be one; null for another */
    @GetMapping("/studio/camera")
    String list(Studio studio, @RequestParam(required = false) @Nullable String on, Model model) {
        model.addAttribute("on", on);
        return page.show(studio, model);
    }

    /**
     * Answers with what the camera shows, or with the reason why not; keeps nothing.
     *
     * @param draft a stream that a search found, instead of all the others; empty for none
     */
    @PostMapping("/studio/camera/try")
    String attempt(
            Studio studio,
            @RequestParam(defaultValue = "") String address,
            @RequestParam(defaultValue = "") String user,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "false") boolean udp,
            @RequestParam(defaultValue = "") String draft,
            @RequestParam(required = false) @Nullable String on,
            HttpServletResponse response,
            Model model)
            throws InterruptedException {
        long account = studio.channel().accountId();
        model.addAttribute("on", on);
        Optional<CameraWish> picked = draft.isEmpty() ? Optional.empty() : cameras.unseal(account, draft);
        if (picked.isEmpty() && !draft.isEmpty()) {
            return refused("error", "camera.draft.old", response, studio, model);
        }
        CameraWish wish = picked.orElseGet(() -> new CameraWish(address, user, password, false, udp));
        String typed = trials.tell(account, wish, cameras.attempt(account, wish), address, response, model);
        model.addAttribute("address", typed);
        model.addAttribute("user", wish.user());
        model.addAttribute("udp", wish.udp());
        return page.show(studio, model);
    }

    /** Whoever comes back to the answer's address. */
    @GetMapping("/studio/camera/try")
    String again() {
        return WIZARD;
    }

    /**
     * Makes a camera of what was tried.
     *
     * @param place the name of a channel of theirs; empty for a new one
     * @param name of the new channel
     * @param visibility of the new channel
     */
    @PostMapping("/studio/camera")
    String make(
            Studio studio,
            @RequestParam(defaultValue = "") String draft,
            @RequestParam(defaultValue = "") String place,
            @RequestParam(defaultValue = "") String name,
            @RequestParam(defaultValue = "PRIVATE") Visibility visibility,
            @RequestParam(defaultValue = "false") boolean always,
            HttpServletResponse response,
            Model model) {
        long account = studio.channel().accountId();
        Optional<CameraWish> typed = cameras.unseal(account, draft);
        if (typed.isEmpty()) {
            return refused("error", "camera.draft.old", response, studio, model);
        }
        CameraWish wish = new CameraWish(
                typed.get().address(),
                typed.get().user(),
                typed.get().password(),
                always,
                typed.get().udp());
        model.addAttribute("typed", name);
        model.addAttribute("place", place);
        model.addAttribute("chosen", visibility);
        model.addAttribute("always", always);
        model.addAttribute("found", trials.again(draft, wish));
        if (!rights.of(account).cameras()) {
            return refused("error", "camera.not.allowed", response, studio, model);
        }
        if (!place.isEmpty()) {
            ChannelView channel = studio.channels().stream()
                    .filter(one -> one.name().equals(place))
                    .findFirst()
                    .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
            return put(studio, channel, wish, draft, response, model);
        }
        if (!CameraPage.VISIBILITIES.contains(visibility)) {
            return refused("error", "studio.shown.unknown", response, studio, model);
        }
        return switch (extra.make(account, name.strip().replaceFirst("^@", ""))) {
            case ExtraChannels.Wish.Made(ChannelView made) -> {
                // Before anything can be seen of it.
                yield shown.choose(made, visibility.name(), false, null)
                        .map(why -> refused("error", why, response, studio, model))
                        .orElseGet(() -> put(studio, made, wish, draft, response, model));
            }
            case ExtraChannels.Wish.Refused(String why) -> refused("nameError", why, response, studio, model);
        };
    }

    private String put(
            Studio studio,
            ChannelView channel,
            CameraWish wish,
            String draft,
            HttpServletResponse response,
            Model model) {
        Optional<String> error = cameras.put(channel.accountId(), channel.id(), wish);
        if (error.isPresent()) {
            return refused("error", error.get(), response, studio, model);
        }
        // Its page has a picture from the first moment on.
        trials.picture(draft).ifPresent(jpeg -> cameras.keepPicture(channel.id(), jpeg));
        return "redirect:/" + channel.name();
    }

    private String refused(String field, String why, HttpServletResponse response, Studio studio, Model model) {
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        model.addAttribute(field, why);
        return page.show(studio, model);
    }

    // ---- changing one -----------------------------------------------------------------------------------------

    @GetMapping("/studio/@{channel}/camera")
    String edit(Studio studio, Model model) {
        return cameras.of(studio.channel().id())
                .map(camera -> form(
                        studio,
                        camera,
                        new CameraWish(camera.address(), camera.user(), "", camera.always(), camera.udp()),
                        "",
                        model))
                .orElseGet(() -> WIZARD + "?on=" + studio.channel().name());
    }

    /**
     * The form.
     *
     * @param typed what stands in it, without secrets
     * @param draft secrets that were typed and are not saved, encrypted; empty where there are none
     */
    private String form(Studio studio, CameraView camera, CameraWish typed, String draft, Model model) {
        model.addAttribute("camera", camera);
        model.addAttribute("may", rights.of(studio.channel().accountId()));
        model.addAttribute("address", typed.address());
        model.addAttribute("user", typed.user());
        model.addAttribute("always", typed.always());
        model.addAttribute("udp", typed.udp());
        model.addAttribute("draft", draft);
        return EDIT;
    }

    /** What a form means that was tried before: secrets that were typed then do not stand in it any more. */
    private CameraWish meant(Studio studio, CameraWish typed, String draft) {
        return cameras.unseal(studio.channel().accountId(), draft)
                .filter(tried -> cameras.shown(tried).equals(typed.address().strip()))
                .map(tried -> new CameraWish(
                        tried.address(),
                        typed.user(),
                        typed.password().isEmpty() && typed.user().equals(tried.user())
                                ? tried.password()
                                : typed.password(),
                        typed.always(),
                        typed.udp()))
                .orElse(typed);
    }

    private CameraView camera(ChannelView channel) {
        return cameras.of(channel.id()).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** Answers with what the camera shows by what is typed, or with the reason why not; saves nothing. */
    @PostMapping("/studio/@{channel}/camera/try")
    String attemptAgain(
            Studio studio,
            @RequestParam(defaultValue = "") String address,
            @RequestParam(defaultValue = "") String user,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "false") boolean always,
            @RequestParam(defaultValue = "false") boolean udp,
            @RequestParam(defaultValue = "") String draft,
            HttpServletResponse response,
            Model model)
            throws InterruptedException {
        ChannelView channel = studio.channel();
        camera(channel);
        CameraWish wish = meant(studio, new CameraWish(address, user, password, always, udp), draft);
        Cameras.Tried tried = cameras.attempt(channel.accountId(), channel.id(), wish);
        String shownAddress = trials.tell(channel.accountId(), wish, tried, address, response, model);
        return form(
                studio,
                camera(channel),
                new CameraWish(shownAddress, user, "", always, udp),
                cameras.seal(channel.accountId(), wish),
                model);
    }

    /** Whoever comes back to the answer's address. */
    @GetMapping("/studio/@{channel}/camera/try")
    String editAgain(Studio studio) {
        return "redirect:/studio/@" + studio.channel().name() + "/camera";
    }

    /**
     * Saves.
     *
     * @param password empty for the one there is
     * @param draft of a trial before
     */
    @PostMapping("/studio/@{channel}/camera")
    String save(
            Studio studio,
            @RequestParam(defaultValue = "") String address,
            @RequestParam(defaultValue = "") String user,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "false") boolean always,
            @RequestParam(defaultValue = "false") boolean udp,
            @RequestParam(defaultValue = "") String draft,
            HttpServletResponse response,
            Model model) {
        ChannelView channel = studio.channel();
        CameraView camera = camera(channel);
        CameraWish typed = new CameraWish(address, user, password, always, udp);
        Optional<String> error = cameras.put(channel.accountId(), channel.id(), meant(studio, typed, draft));
        if (error.isPresent()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            model.addAttribute("error", error.get());
            return form(
                    studio,
                    camera,
                    new CameraWish(CameraTrials.withoutLogin(address), user, "", always, udp),
                    draft,
                    model);
        }
        return "redirect:/studio/@" + channel.name() + "/camera?saved";
    }

    @PostMapping("/studio/@{channel}/camera/remove")
    String remove(Studio studio) {
        cameras.remove(studio.channel().id());
        return WIZARD + "?removed";
    }
}
