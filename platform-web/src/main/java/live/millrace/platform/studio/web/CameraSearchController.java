// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import live.millrace.platform.camera.CameraSearch;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A camera whose address nobody knows: found on the network, then one of its streams, which is tried like any other. */
@Controller
class CameraSearchController {
    private static final String WIZARD = "redirect:/studio/camera";

    private final CameraSearch search;
    private final CameraPage page;

    CameraSearchController(CameraSearch search, CameraPage page) {
        this.search = search;
        this.page = page;
    }

    /** Answers with the devices that there are. */
    @PostMapping("/studio/camera/search")
    String search(
            Studio studio,
            @RequestParam(required = false) @Nullable String on,
            HttpServletResponse response,
            Model model)
            throws InterruptedException {
        CameraSearch.Devices found = search.search(studio.channel().accountId());
        model.addAttribute("searched", true);
        model.addAttribute("devices", found.devices());
        return answer(studio, on, found.refused(), response, model);
    }

    /**
     * Answers with the streams of a device, or with the reason why there are none.
     *
     * @param device as the list has it
     */
    @PostMapping("/studio/camera/device")
    String device(
            Studio studio,
            @RequestParam(defaultValue = "") String device,
            @RequestParam(defaultValue = "") String user,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(required = false) @Nullable String on,
            HttpServletResponse response,
            Model model)
            throws InterruptedException {
        CameraSearch.Streams answer = search.streams(studio.channel().accountId(), device, user, password);
        CameraSearch.Device which = answer.device();
        if (answer.good()) {
            model.addAttribute("device", which);
            model.addAttribute("streams", answer.streams());
        } else {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            model.addAttribute("devices", which == null ? List.of() : List.of(which));
            model.addAttribute("deviceUser", user);
            model.addAttribute("deviceFailure", answer.failure());
        }
        return answer(studio, on, answer.refused(), response, model);
    }

    private String answer(
            Studio studio, @Nullable String on, @Nullable String refused, HttpServletResponse response, Model model) {
        if (refused != null) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        model.addAttribute("on", on);
        model.addAttribute("searchError", refused);
        return page.show(studio, model);
    }

    /** Whoever comes back to an answer's address. */
    @GetMapping({"/studio/camera/search", "/studio/camera/device"})
    String again() {
        return WIZARD;
    }
}
