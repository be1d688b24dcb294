// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import live.millrace.platform.account.TokenScope;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells in the API's description which scope a token needs for what. */
@Configuration(proxyBeanMethods = false)
class ScopesDescription {
    private static final String SCHEME = "token";

    @Bean
    OpenApiCustomizer scopes() {
        return api -> {
            Components components = api.getComponents() == null ? new Components() : api.getComponents();
            api.setComponents(components.addSecuritySchemes(
                    SCHEME,
                    new SecurityScheme()
                            .type(SecurityScheme.Type.HTTP)
                            .scheme("bearer")
                            .description("An access token, made under Settings. It has scopes and an end.")));
            api.getPaths()
                    .forEach((path, item) ->
                            item.readOperationsMap().forEach((method, operation) -> describe(path, method, operation)));
        };
    }

    private static void describe(String path, PathItem.HttpMethod method, Operation operation) {
        TokenScope scope = ApiScopes.ROUTES.get(method.name() + " " + path);
        String said = scope == null ? "No token can do this." : "Scope of a token: " + scope.word() + ".";
        @Nullable String before = operation.getDescription();
        operation.setDescription(before == null ? said : before + " " + said);
        if (scope != null) {
            operation.addSecurityItem(new SecurityRequirement().addList(SCHEME, List.of(scope.word())));
        }
    }
}
