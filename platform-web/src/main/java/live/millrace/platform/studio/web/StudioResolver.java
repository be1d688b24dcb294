// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.ExtraChannels;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveState;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The one place that says whose studio somebody may enter: {@code {channel}} in the address names a channel of theirs, and without it
 * the own one is meant. A channel of somebody else is as unknown as one that is not there. Pages find {@code studio} and {@code
 * channel} in their model.
 */
@Component
class StudioResolver implements HandlerMethodArgumentResolver, WebMvcConfigurer {
    private static final String VARIABLE = "channel";

    private final Channels channels;
    private final ExtraChannels extra;
    private final Engine engine;

    /** Lazily: this belongs to the site's web layer, which is made early. */
    StudioResolver(Channels channels, ExtraChannels extra, @Lazy Engine engine) {
        this.engine = engine;
        this.channels = channels;
        this.extra = extra;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(this);
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType().equals(Studio.class);
    }

    @Override
    public Studio resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer page,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        AccountPrincipal principal = principal(request.getUserPrincipal());
        List<ChannelView> all = channels.allOf(principal.accountId());
        String named = named(request);
        ChannelView channel = all.stream()
                .filter(one -> named == null ? one.own() : one.name().equals(named))
                .findFirst()
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        boolean several =
                all.size() > 1 || extra.allowance(principal.accountId()).left() > 0;
        Studio studio = new Studio(channel, all, several, several ? live(all) : Set.of());
        if (page != null) {
            page.addAttribute("studio", studio);
            page.addAttribute("channel", channel);
            page.addAttribute("admin", principal.admin());
        }
        return studio;
    }

    private Set<String> live(List<ChannelView> all) {
        return all.stream()
                .map(ChannelView::name)
                .filter(name -> engine.live(name)
                        .filter(view -> view.state() == LiveState.LIVE)
                        .isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static AccountPrincipal principal(@Nullable Principal signedIn) {
        if (signedIn instanceof Authentication authentication
                && authentication.getPrincipal() instanceof AccountPrincipal principal) {
            return principal;
        }
        throw new ResponseStatusException(HttpStatus.NOT_FOUND);
    }

    /** In any capitals, as everywhere. */
    private static @Nullable String named(NativeWebRequest request) {
        Object variables =
                request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
        return variables instanceof Map<?, ?> map && map.get(VARIABLE) instanceof String name
                ? UsernameRules.fold(name)
                : null;
    }
}
