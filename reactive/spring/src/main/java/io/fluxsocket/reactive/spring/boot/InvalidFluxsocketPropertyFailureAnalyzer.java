package io.fluxsocket.reactive.spring.boot;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Says which property is wrong, what it is and where that was written, instead of a stack trace. */
final class InvalidFluxsocketPropertyFailureAnalyzer
        extends AbstractFailureAnalyzer<InvalidFluxsocketPropertyException> {
    private final Environment environment;

    InvalidFluxsocketPropertyFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidFluxsocketPropertyException cause) {
        StringBuilder description =
                new StringBuilder("The property ").append(cause.property()).append(" is invalid:\n\n");
        ConfigurationPropertyName name = ConfigurationPropertyName.of(cause.property());
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null) {
                description.append("    Value: \"").append(found.getValue()).append("\"\n");
                if (found.getOrigin() != null) {
                    description.append("    Origin: ").append(found.getOrigin()).append('\n');
                }
                break;
            }
        }
        description.append("    Reason: ").append(cause.reason());
        return new FailureAnalysis(
                description.toString(),
                "Change the value of " + cause.property() + ", or remove the property to get its default.",
                cause);
    }
}
