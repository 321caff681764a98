package io.fluxsocket.reactive.spring.boot;

/** A property has a value that is of the right type and makes no sense. The application does not start. */
public final class InvalidFluxsocketPropertyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String property;

    InvalidFluxsocketPropertyException(String property, IllegalArgumentException cause) {
        super("The property " + property + " is invalid: " + cause.getMessage(), cause);
        this.property = property;
    }

    /** {@return the name of the property, as in {@code fluxsocket.close-timeout}} */
    public String property() {
        return property;
    }

    /** {@return what is wrong with it} */
    String reason() {
        Throwable cause = getCause();
        return String.valueOf(cause == null ? getMessage() : cause.getMessage());
    }
}
