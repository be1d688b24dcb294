// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.takeout.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.takeout.FollowImport;
import live.millrace.platform.takeout.Takeouts;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.server.ResponseStatusException;

/** Everybody's own data, and nobody else's. */
@Controller
class DataController {
    private static final String LOOK_AGAIN_SECONDS = "2";

    private final Takeouts takeouts;
    private final FollowImport follows;

    DataController(Takeouts takeouts, FollowImport follows) {
        this.takeouts = takeouts;
        this.follows = follows;
    }

    @GetMapping("/settings/data")
    String page(@AuthenticationPrincipal AccountPrincipal principal, HttpServletResponse response, Model model) {
        Takeouts.State state = takeouts.of(principal.accountId()).orElse(null);
        if (state != null && !state.isReady() && !state.late()) {
            response.setHeader("Refresh", LOOK_AGAIN_SECONDS);
        }
        model.addAttribute("export", state);
        return "settings/data";
    }

    @PostMapping("/settings/data")
    String ask(@AuthenticationPrincipal AccountPrincipal principal) {
        takeouts.ask(principal.accountId(), principal.getUsername());
        return "redirect:/settings/data";
    }

    @GetMapping("/settings/data/file")
    ResponseEntity<Resource> file(@AuthenticationPrincipal AccountPrincipal principal) {
        Path file = takeouts.file(principal.accountId())
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/zip"))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("millrace-" + principal.getUsername() + ".zip")
                                .build()
                                .toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(new FileSystemResource(file));
    }

    @PostMapping("/settings/data/follows")
    String follow(
            @RequestParam(required = false) @org.jspecify.annotations.Nullable MultipartFile file,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model)
            throws IOException {
        Optional<FollowImport.Result> result = Optional.empty();
        if (!follows.admits(principal.accountId())) {
            response.setStatus(HttpStatus.TOO_MANY_REQUESTS.value());
            model.addAttribute("error", "data.follows.later");
            return page(principal, response, model);
        }
        boolean fits = file != null && file.getSize() <= FollowImport.MAX_BYTES;
        if (file != null && fits) {
            try (InputStream content = file.getInputStream()) {
                result = follows.follow(principal.accountId(), content);
            }
        }
        if (result.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            model.addAttribute("error", file != null && !fits ? "data.follows.large" : "data.follows.empty");
        }
        model.addAttribute("imported", result.orElse(null));
        return page(principal, response, model);
    }
}
