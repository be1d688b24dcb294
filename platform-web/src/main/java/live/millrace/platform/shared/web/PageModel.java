// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import live.millrace.platform.shared.Hues;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every template may use. Plain values: Thymeleaf forbids calls of beans in attributes that load something. */
@ControllerAdvice
class PageModel {
    private final AssetManifest assets;
    private final IconShapes icons;

    PageModel(AssetManifest assets, IconShapes icons) {
        this.assets = assets;
        this.icons = icons;
    }

    /** The insides of icons, by name. */
    @ModelAttribute("icons")
    Map<String, String> icons() {
        return icons.shapes();
    }

    @ModelAttribute("assets")
    Map<String, String> assets() {
        return assets.addresses();
    }

    /** Style sheets that an entry has in common with others. */
    @ModelAttribute("assetStyles")
    Map<String, List<String>> sharedStyles() {
        return assets.sharedStyles();
    }

    @ModelAttribute("lang")
    String language(Locale locale) {
        return locale.getLanguage().equals("zh") ? "zh-CN" : "en";
    }

    @ModelAttribute("numbers")
    BriefNumbers numbers(Locale locale) {
        return new BriefNumbers(locale);
    }

    /** The colours of faces without a picture. */
    @ModelAttribute("hues")
    Hues hues() {
        return Hues.INSTANCE;
    }

    /** {@code light} or {@code dark} when somebody chose, else {@code auto}: the system decides. */
    @ModelAttribute("theme")
    String theme(HttpServletRequest request) {
        return PageChoices.read(request, "theme");
    }

    /** {@code open} or {@code folded} when somebody chose how they want the rail at the side, else {@code auto}. */
    @ModelAttribute("railChoice")
    String rail(HttpServletRequest request) {
        return PageChoices.read(request, "rail");
    }

    /** {@code small} for two cards abreast on a phone, else {@code auto}. */
    @ModelAttribute("cardsChoice")
    String cards(HttpServletRequest request) {
        return PageChoices.read(request, "cards");
    }

    /** How long something has been going on, as a clock shows it. */
    @ModelAttribute("clocks")
    RunningClock clocks() {
        return RunningClock.INSTANCE;
    }

    @ModelAttribute("path")
    String path(HttpServletRequest request) {
        return request.getRequestURI();
    }
}
