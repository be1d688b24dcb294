// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.PathParameter;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Tells the API's description what a {@link Studio} is to programs: the name of a channel in the address, or nothing. */
@Configuration(proxyBeanMethods = false)
class ChannelApiDescription {
    private static final String NAME = "channel";

    @Bean
    OpenApiCustomizer channelsInAddresses() {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Studio.class);
        return api -> api.getPaths().forEach((path, item) -> {
            if (path.contains("{" + NAME + "}")) {
                item.readOperations()
                        .forEach(operation -> operation.addParametersItem(new PathParameter()
                                .name(NAME)
                                .description("A channel of the account's.")
                                .schema(new StringSchema())));
            }
        });
    }
}
