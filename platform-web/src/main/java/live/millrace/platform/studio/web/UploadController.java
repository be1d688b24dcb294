// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoUploads;
import live.millrace.platform.shared.ByteSizes;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Where a file becomes a video. The page's script does it, by the API. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class UploadController {
    private final VideoUploads uploads;
    private final RecordingRules rules;

    UploadController(VideoUploads uploads, RecordingRules rules) {
        this.uploads = uploads;
        this.rules = rules;
    }

    @GetMapping("/videos/upload")
    String page(Studio studio, Model model) {
        model.addAttribute("enabled", uploads.enabled());
        model.addAttribute("most", uploads.mostBytes());
        model.addAttribute("mostWords", ByteSizes.text(uploads.mostBytes()));
        RecordingRules.Rules channel = rules.of(studio.channel().id());
        model.addAttribute("visibility", channel.visibility());
        model.addAttribute("keepDays", channel.keepDays());
        return "studio/upload";
    }
}
