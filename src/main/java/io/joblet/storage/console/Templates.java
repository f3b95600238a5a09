package io.joblet.storage.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/** The pages: src/main/resources/templates/console, checked against these types by the build. */
@CheckedTemplate(basePath = "console")
final class Templates {
  private Templates() {}

  static native TemplateInstance login(Frame frame, String refusal);

  static native TemplateInstance problem(Frame frame, String sentence);

  static native TemplateInstance volumes(Frame frame, VolumeList list);

  static native TemplateInstance volume(Frame frame, VolumeDetails details);

  static native TemplateInstance create(Frame frame, NewVolumeForm form, String refusal);

  static native TemplateInstance edit(
      Frame frame, EditForm form, List<Fact> facts, String here, String back, String refusal);

  static native TemplateInstance job(Frame frame, JobDetails details);

  static native TemplateInstance owner(
      Frame frame,
      List<Fact> facts,
      boolean maySet,
      LimitsForm form,
      String action,
      String refusal);

  static native TemplateInstance tokens(
      Frame frame, List<TokenPages.Line> lines, TokenPages.Form form, String refusal);

  static native TemplateInstance secret(Frame frame, String secret);

  static native TemplateInstance sweeps(Frame frame, SweepPages.Outcome outcome);

  static native TemplateInstance confirm(Frame frame, Question question);

  static native TemplateInstance table(Frame frame, String introduction, Table table);

  static native TemplateInstance growth(Frame frame, Growth growth);

  static native TemplateInstance node(Frame frame, List<Bar> bars, List<Fact> facts);

  static native TemplateInstance doctor(Frame frame, String outcome, Table table);
}
