// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import live.millrace.platform.camera.CameraRights;
import live.millrace.platform.camera.CameraView;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.channel.Visibility;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/** The page of all cameras, whatever else stands on it. */
@Component
class CameraPage {
    private static final String PAGE = "studio/camera";

    /** Whoever makes a channel of a camera at home wants it for themselves first. A password is set on the channel's own page. */
    static final List<Visibility> VISIBILITIES = List.of(
            Visibility.PRIVATE,
            Visibility.INVITED,
            Visibility.FOLLOWERS,
            Visibility.REGISTERED,
            Visibility.UNLISTED,
            Visibility.PUBLIC);

    /** A camera in the list. */
    public record Row(ChannelView channel, CameraView camera) {}

    private final Cameras cameras;
    private final CameraRights rights;
    private final ExtraChannels extra;

    CameraPage(Cameras cameras, CameraRights rights, ExtraChannels extra) {
        this.cameras = cameras;
        this.rights = rights;
        this.extra = extra;
    }

    /** What another page says of a channel's camera: {@code camera}, null where it is none, and what its owner may. */
    void of(ChannelView channel, Model model) {
        CameraView camera = cameras.of(channel.id()).orElse(null);
        model.addAttribute("camera", camera);
        model.addAttribute("may", camera == null ? null : rights.of(channel.accountId()));
    }

    /** Answers the name of the template. */
    String show(Studio studio, Model model) {
        long account = studio.channel().accountId();
        Map<Long, CameraView> all =
                cameras.of(studio.channels().stream().map(ChannelView::id).toList());
        model.addAttribute("may", rights.of(account));
        model.addAttribute("allowance", extra.allowance(account));
        model.addAttribute(
                "rows",
                studio.channels().stream()
                        .filter(channel -> all.containsKey(channel.id()))
                        .map(channel -> new Row(channel, Objects.requireNonNull(all.get(channel.id()))))
                        .toList());
        model.addAttribute(
                "free",
                studio.channels().stream()
                        .filter(channel -> !all.containsKey(channel.id()))
                        .toList());
        model.addAttribute("visibilities", VISIBILITIES);
        return PAGE;
    }
}
