// Shows what the daemon serves; a token is asked for by the button "Authorize" and kept nowhere.
SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#api",
  persistAuthorization: false,
  validatorUrl: null
});
