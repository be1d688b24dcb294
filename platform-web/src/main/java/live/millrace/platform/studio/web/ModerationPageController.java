// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.Arrays;
import java.util.List;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.chat.ChatAction;
import live.millrace.platform.chat.ChatModeration;
import live.millrace.platform.chat.ChatRooms;
import live.millrace.platform.chat.WordLists;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Moderation of a channel: who is banned, which words wait, the shield, and the log of everything that was done. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class ModerationPageController {
    private static final int SANCTIONS_SHOWN = 200;
    private static final int ACTIONS_SHOWN = 50;
    private static final int MAX_TYPED = 50_000;

    private final ChatRooms rooms;
    private final ChatModeration moderation;
    private final WordLists words;

    ModerationPageController(ChatRooms rooms, ChatModeration moderation, WordLists words) {
        this.rooms = rooms;
        this.moderation = moderation;
        this.words = words;
    }

    @GetMapping("/moderation")
    String page(Studio studio, @RequestParam(required = false) @Nullable Long before, Model model) {
        ChannelView channel = studio.channel();
        List<ChatAction> actions =
                moderation.actions(channel.id(), before == null ? Long.MAX_VALUE : before, ACTIONS_SHOWN + 1);
        model.addAttribute("shield", rooms.shield(channel.id()));
        model.addAttribute("words", words.of(channel.id()));
        model.addAttribute("sanctions", moderation.sanctions(channel.id(), SANCTIONS_SHOWN));
        model.addAttribute("actions", actions.subList(0, Math.min(ACTIONS_SHOWN, actions.size())));
        model.addAttribute(
                "next",
                actions.size() > ACTIONS_SHOWN ? actions.get(ACTIONS_SHOWN - 1).id() : null);
        return "studio/moderation";
    }

    @PostMapping("/moderation/shield")
    String shield(
            Studio studio,
            @RequestParam(defaultValue = "false") boolean auto,
            @RequestParam(defaultValue = "24") int hours) {
        rooms.configureShield(studio.channel().id(), auto, hours);
        return studio.redirect("/moderation?saved#shield");
    }

    /** @param list one word or phrase a line */
    @PostMapping("/moderation/words")
    String addWords(
            Studio studio,
            @RequestParam(defaultValue = "") String list,
            @RequestParam(defaultValue = "HOLD") WordLists.Effect effect) {
        words.add(
                studio.channel().id(),
                Arrays.asList(WellFormed.cut(list, MAX_TYPED).split("\\R", -1)),
                effect);
        return studio.redirect("/moderation?saved#words");
    }

    @PostMapping("/moderation/words/remove")
    String removeWord(Studio studio, @RequestParam long id) {
        words.remove(studio.channel().id(), id);
        return studio.redirect("/moderation?saved#words");
    }
}
