// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import java.time.Duration;
import java.util.Enumeration;
import java.util.Locale;
import live.millrace.platform.shared.SiteName;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.LocaleResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.i18n.CookieLocaleResolver;
import org.springframework.web.servlet.i18n.LocaleChangeInterceptor;

/** What the browser prefers of English and Chinese, else the site's language, unless somebody chose: {@code ?lang=en} and {@code ?lang=zh-CN} are remembered. */
@Configuration(proxyBeanMethods = false)
class LanguageConfiguration implements WebMvcConfigurer {
    private static final Duration REMEMBERED = Duration.ofDays(365);

    @Bean
    LocaleResolver localeResolver(SiteName site) {
        CookieLocaleResolver resolver = new CookieLocaleResolver("lang") {
            @Override
            protected Locale parseLocaleValue(String value) {
                // What a cookie says is somebody else's text: it chooses between two, and nothing more.
                return supported(Locale.forLanguageTag(value));
            }
        };
        resolver.setCookieMaxAge(REMEMBERED);
        resolver.setCookieHttpOnly(true);
        resolver.setCookieSameSite("Lax");
        resolver.setRejectInvalidCookies(false);
        resolver.setDefaultLocaleFunction(request -> {
            Enumeration<Locale> wanted = request.getLocales();
            while (wanted.hasMoreElements()) {
                String language = wanted.nextElement().getLanguage();
                if (language.equals("zh") || language.equals("en")) {
                    return supported(Locale.of(language));
                }
            }
            return supported(site.siteLanguage());
        });
        return resolver;
    }

    private static Locale supported(Locale wanted) {
        return wanted.getLanguage().equals("zh") ? Locale.SIMPLIFIED_CHINESE : Locale.ENGLISH;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        LocaleChangeInterceptor change = new LocaleChangeInterceptor();
        change.setIgnoreInvalidLocale(true);
        change.setParamName("lang");
        registry.addInterceptor(change);
    }
}
