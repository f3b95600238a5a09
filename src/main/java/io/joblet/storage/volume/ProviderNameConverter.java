package io.joblet.storage.volume;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.Locale;

/** Rows have the names in lower case. */
@Converter
class ProviderNameConverter implements AttributeConverter<ProviderName, String> {
  @Override
  public String convertToDatabaseColumn(ProviderName name) {
    return name == null ? null : name.text();
  }

  @Override
  public ProviderName convertToEntityAttribute(String text) {
    return text == null ? null : ProviderName.valueOf(text.toUpperCase(Locale.ROOT));
  }
}
