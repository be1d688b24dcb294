// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every template may use. Plain values: Thymeleaf forbids calls of beans in attributes that load something. */
@ControllerAdvice
class PageModel {
    private static final Set<String> THEMES = Set.of("light", "dark");

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
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? "auto"
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals("theme") && THEMES.contains(cookie.getValue()))
                        .map(Cookie::getValue)
                        .findFirst()
                        .orElse("auto");
    }

    @ModelAttribute("path")
    String path(HttpServletRequest request) {
        return request.getRequestURI();
    }
}
