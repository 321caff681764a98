package io.fluxsocket.reactive.spring.boot;

import io.fluxsocket.reactive.SessionSettings;

/** A bean that changes the settings of all sessions, server's and client's, behind the properties. */
@FunctionalInterface
public interface SessionSettingsCustomizer {
    /**
     * Called once, before the first session.
     *
     * @param settings holds what the properties say
     */
    void customize(SessionSettings.Builder settings);
}
