#include "platform/guard/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "platform/guard/secret_kinds.h"

namespace mira::guard {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

// Fixtures are templates, so that nothing in this file looks like a secret: {A36} is
// 36 random letters and digits; H hex, B base64, W word characters and "-", D digits,
// U upper case and digits, L lower case and digits, Q base 32. "‹...›" encloses what
// must be gone after masking.
struct Fixture {
  std::string_view kind;
  std::string_view text;
};

constexpr Fixture fixtures[] = {
    // clang-format off
    {"aws_access_key_id", "‹AKIA{Q16}›"},
    {"aws_access_key_id", "aws_access_key_id = ‹ASIA{Q16}›"},
    {"aws_secret_access_key", "aws_secret_access_key = ‹{B40}›"},
    {"aws_secret_access_key", "\"SecretAccessKey\": \"‹{B40}›\""},
    {"aws_session_token", "aws_session_token=‹{B240}›"},
    {"aws_bedrock_key", "‹ABSK{B110}›"},
    {"github_personal_token", "https://x.test/?t=‹ghp_{A36}›&a=b"},
    {"github_oauth_token", "‹gho_{A36}›"},
    {"github_user_token", "‹ghu_{A36}›"},
    {"github_server_token", "‹ghs_{A36}›"},
    {"github_refresh_token", "‹ghr_{A76}›"},
    {"github_fine_grained_token", "‹github_pat_{A22}_{A59}›"},
    {"gitlab_personal_token", "‹glpat-{W20}›"},
    {"gitlab_deploy_token", "‹gldt-{W20}›"},
    {"gitlab_runner_token", "‹glrt-{W20}›"},
    {"gitlab_trigger_token", "‹glptt-{H40}›"},
    {"gitlab_job_token", "‹glcbt-{A2}_{W20}›"},
    {"gitlab_feed_token", "‹glft-{W20}›"},
    {"gitlab_mail_token", "‹glimt-{W25}›"},
    {"gitlab_agent_token", "‹glagent-{W50}›"},
    {"gitlab_oauth_secret", "‹gloas-{W64}›"},
    {"gitlab_scim_token", "‹glsoat-{W20}›"},
    {"gitlab_registration_token", "‹GR1348941{W20}›"},
    {"slack_bot_token", "‹xoxb-{D12}-{D12}-{A24}›"},
    {"slack_user_token", "‹xoxp-{D12}-{D12}-{D12}-{H32}›"},
    {"slack_refresh_token", "‹xoxe-1-{A140}›"},
    {"slack_legacy_token", "‹xoxs-{D10}-{D10}-{D10}-{H10}›"},
    {"slack_app_token", "‹xapp-1-A{U10}-{D13}-{H64}›"},
    {"slack_webhook", "https://hooks.slack.com/services/‹T{U8}/B{U10}/{A24}›"},
    {"discord_webhook", "https://discord.com/api/webhooks/‹{D18}/{W68}›"},
    {"discord_bot_token", "DISCORD_TOKEN = '‹M{A23}.{W6}.{W27}›'"},
    {"telegram_bot_token", "‹{D10}:AA{W33}›"},
    {"stripe_secret_key", "stripe.api_key = \"‹sk_live_{A24}›\""},
    {"stripe_test_key", "‹sk_test_{A24}›"},
    {"stripe_restricted_key", "‹rk_live_{A24}›"},
    {"stripe_webhook_secret", "‹whsec_{A32}›"},
    {"square_access_token", "‹sq0atp-{W22}›"},
    {"square_access_token", "‹EAAA{W60}›"},
    {"square_oauth_secret", "‹sq0csp-{W43}›"},
    {"braintree_access_token", "‹access_token$production${L16}${H32}›"},
    {"twilio_secret", "TWILIO_AUTH_TOKEN=‹{H32}›"},
    {"twilio_secret", "twilio_api_key: 'SK‹{H32}›'"},
    {"sendgrid_api_key", "‹SG.{W22}.{W43}›"},
    {"mailgun_api_key", "‹key-{H32}›"},
    {"mailchimp_api_key", "‹{H32}-us17›"},
    {"mailersend_token", "‹mlsn.{H64}›"},
    {"brevo_api_key", "‹xkeysib-{H64}-{A16}›"},
    {"openai_api_key", "OPENAI_API_KEY=‹sk-{A20}T3BlbkFJ{A20}›"},
    {"openai_project_key", "‹sk-proj-{W74}›"},
    {"anthropic_api_key", "‹sk-ant-api03-{W93}AA›"},
    {"anthropic_admin_key", "‹sk-ant-admin01-{W93}AA›"},
    {"anthropic_oauth_token", "‹sk-ant-oat01-{W93}AA›"},
    {"openrouter_api_key", "‹sk-or-v1-{H64}›"},
    {"google_api_key", "const key = '‹AIza{W35}›';"},
    {"google_oauth_client_secret", "‹GOCSPX-{W28}›"},
    {"google_oauth_access_token", "‹ya29.{W140}›"},
    {"google_oauth_refresh_token", "‹1//0{D1}{W62}›"},
    {"gcp_private_key_id", "\"private_key_id\": \"‹{H40}›\""},
    {"firebase_messaging_key", "‹{A11}:APA91b{W134}›"},
    {"azure_storage_key", "DefaultEndpointsProtocol=https;AccountKey=‹{B86}==›"},
    {"azure_client_secret", "‹{A3}8Q~{A34}›"},
    {"azure_sas_signature", "?sv=2020-08-04&sig=‹{A43}%3D›"},
    {"azure_devops_token", "‹{A76}AZDO{A4}›"},
    {"azure_shared_access_key", "SharedAccessKey=‹{B43}=›"},
    {"azure_search_key", "‹{A42}AzSeA{A5}›"},
    {"azure_registry_key", "‹{A42}+ACRA{A5}›"},
    {"digitalocean_token", "‹dop_v1_{H64}›"},
    {"digitalocean_oauth_token", "‹doo_v1_{H64}›"},
    {"digitalocean_refresh_token", "‹dor_v1_{H64}›"},
    {"heroku_api_key", "‹HRKU-{W60}›"},
    {"npm_token", "‹npm_{A36}›"},
    {"npm_auth_token", "//registry.test/:_authToken=‹{A40}›"},
    {"pypi_token", "‹pypi-AgEIcHlwaS5vcmc{W120}›"},
    {"rubygems_api_key", "‹rubygems_{H48}›"},
    {"crates_io_token", "‹cio{A32}›"},
    {"nuget_api_key", "‹oy2{L43}›"},
    {"docker_hub_token", "‹dckr_pat_{W27}›"},
    {"clojars_token", "‹CLOJARS_{L60}›"},
    {"packagist_token", "‹packagist_ort_{H68}›"},
    {"vault_service_token", "‹hvs.{A90}›"},
    {"vault_batch_token", "‹hvb.{A140}›"},
    {"vault_recovery_token", "‹hvr.{A90}›"},
    {"terraform_cloud_token", "‹{A14}.atlasv1.{A67}›"},
    {"pulumi_token", "‹pul-{H40}›"},
    {"doppler_token", "‹dp.pt.{A43}›"},
    {"databricks_token", "‹dapi{H32}›"},
    {"planetscale_token", "‹pscale_tkn_{A43}›"},
    {"supabase_token", "‹sbp_{H40}›"},
    {"supabase_secret_key", "‹sb_secret_{A31}›"},
    {"neon_api_key", "‹napi_{L64}›"},
    {"cloudflare_origin_key", "‹v1.0-{H24}-{H146}›"},
    {"cloudflare_token", "CLOUDFLARE_API_TOKEN: ‹{A40}›"},
    {"grafana_service_token", "‹glsa_{A32}_{H8}›"},
    {"grafana_cloud_token", "‹glc_{A80}›"},
    {"grafana_api_key", "‹eyJrIjoi{A80}›"},
    {"new_relic_user_key", "‹NRAK-{U27}›"},
    {"new_relic_insert_key", "‹NRII-{W32}›"},
    {"new_relic_browser_key", "‹NRJS-{H19}›"},
    {"sentry_user_token", "‹sntryu_{H64}›"},
    {"sentry_org_token", "‹sntrys_{A120}_{A43}›"},
    {"datadog_key", "DATADOG_API_KEY=‹{H32}›"},
    {"datadog_key", "DD_API_KEY=‹{H32}›"},
    {"dynatrace_token", "‹dt0c01.{Q24}.{Q64}›"},
    {"honeycomb_key", "‹hcaik_{L58}›"},
    {"atlassian_token", "‹ATATT3{W180}›"},
    {"atlassian_access_token", "‹ATCTT3{W180}›"},
    {"bitbucket_app_password", "‹ATBB{A32}›"},
    {"linear_api_key", "‹lin_api_{A40}›"},
    {"linear_oauth_token", "‹lin_oauth_{H64}›"},
    {"notion_token", "‹ntn_{A46}›"},
    {"notion_legacy_token", "‹secret_{A43}›"},
    {"airtable_personal_token", "‹pat{A14}.{H64}›"},
    {"airtable_token", "AIRTABLE_KEY=‹key{A14}›"},
    {"asana_token", "asana_token = \"‹{H32}›\""},
    {"figma_token", "‹figd_{W40}›"},
    {"shopify_access_token", "‹shpat_{H32}›"},
    {"shopify_custom_token", "‹shpca_{H32}›"},
    {"shopify_private_token", "‹shppa_{H32}›"},
    {"shopify_shared_secret", "‹shpss_{H32}›"},
    {"hubspot_token", "‹pat-na1-{H8}-{H4}-{H4}-{H4}-{H12}›"},
    {"facebook_access_token", "‹EAAC{A150}›"},
    {"twitter_bearer_token", "‹AAAAAAAAAAAAAAAAAAAAA{A90}›"},
    {"dropbox_token", "‹sl.{W136}›"},
    {"age_secret_key", "‹AGE-SECRET-KEY-1{U58}›"},
    {"json_web_token", "‹eyJ{W40}.eyJ{W120}.{W43}›"},
    {"encrypted_web_token", "‹eyJ{W60}.{W80}.{W16}.{W60}.{W22}›"},
    {"artifactory_api_key", "‹AKCp{A69}›"},
    {"artifactory_reference_token", "‹cmVmd{A59}›"},
    {"sonarqube_token", "‹squ_{H40}›"},
    {"hugging_face_token", "‹hf_{A34}›"},
    {"hugging_face_org_token", "‹api_org_{A34}›"},
    {"replicate_token", "‹r8_{A37}›"},
    {"groq_api_key", "‹gsk_{A52}›"},
    {"xai_api_key", "‹xai-{A80}›"},
    {"perplexity_api_key", "‹pplx-{A48}›"},
    {"langsmith_api_key", "‹lsv2_pt_{H32}_{H10}›"},
    {"pinecone_api_key", "‹pcsk_{A6}_{A63}›"},
    {"nvidia_api_key", "‹nvapi-{W64}›"},
    {"postman_api_key", "‹PMAK-{H24}-{H34}›"},
    {"prefect_api_key", "‹pnu_{A36}›"},
    {"readme_api_key", "‹rdme_{L70}›"},
    {"typeform_token", "‹tfp_{A44}_{A14}›"},
    {"contentful_token", "‹CFPAT-{W43}›"},
    {"frameio_token", "‹fio-u-{W64}›"},
    {"flyio_token", "‹fo1_{W43}›"},
    {"netlify_token", "‹nfp_{A36}›"},
    {"render_api_key", "‹rnd_{A28}›"},
    {"duffel_token", "‹duffel_live_{W43}›"},
    {"easypost_key", "‹EZAK{A54}›"},
    {"flutterwave_key", "‹FLWSECK-{H32}-X›"},
    {"plaid_access_token", "‹access-sandbox-{H8}-{H4}-{H4}-{H4}-{H12}›"},
    {"shippo_token", "‹shippo_live_{H40}›"},
    {"razorpay_secret", "RAZORPAY_KEY_SECRET=‹{A24}›"},
    {"mapbox_secret_token", "‹sk.eyJ{A60}.{A22}›"},
    {"onepassword_service_token", "‹ops_eyJ{A600}›"},
    {"onepassword_secret_key", "‹A3-{U6}-{U6}-{U5}-{U5}-{U5}-{U5}›"},
    {"tailscale_key", "‹tskey-auth-{A16}-{A32}›"},
    {"buildkite_token", "‹bkua_{H40}›"},
    {"circleci_token", "‹CCIPAT_{A22}_{H40}›"},
    {"launchdarkly_key", "‹sdk-{H8}-{H4}-{H4}-{H4}-{H12}›"},
    {"aiven_password", "‹AVNS_{W19}›"},
    {"zapier_webhook", "https://hooks.zapier.com/hooks/catch/‹{D7}/{L7}›/"},
    {"teams_webhook", "https://x.webhook.office.com/webhookb2/‹{H36}@{H36}/IncomingWebhook/{H32}/{H36}›"},
    {"sourcegraph_token", "‹sgp_{H40}›"},
    {"scalingo_token", "‹tk-us-{W48}›"},
    {"yandex_api_key", "‹AQVN{W36}›"},
    {"yandex_oauth_token", "‹y0_{W58}›"},
    {"alibaba_access_key", "‹LTAI{A20}›"},
    {"tencent_secret_id", "‹AKID{A32}›"},
    {"adobe_client_secret", "‹p8e-{W32}›"},
    {"harness_token", "‹pat.{W22}.{H24}.{A20}›"},
    {"octopus_api_key", "‹API-{U26}›"},
    {"infracost_api_key", "‹ico-{A32}›"},
    {"maxmind_license_key", "‹{A6}_{A29}_mmk›"},
    {"okta_token", "okta_token: \"‹00{W40}›\""},
    {"clickup_token", "‹pk_{D8}_{U32}›"},
    {"snyk_token", "SNYK_TOKEN=‹{H8}-{H4}-{H4}-{H4}-{H12}›"},
    {"fastly_token", "fastly_key = \"‹{W32}›\""},
    {"algolia_key", "algolia: { apiKey: \"{H32}\" }, ALGOLIA_ADMIN_KEY=‹{H32}›"},
    {"mistral_api_key", "MISTRAL_API_KEY=‹{A32}›"},
    {"cohere_api_key", "COHERE_API_KEY=‹{A40}›"},
    {"rapidapi_key", "X-RapidAPI-Key: ‹{L50}›"},
    {"laravel_app_key", "APP_KEY=‹base64:{B43}=›"},
    {"rails_secret_key_base", "secret_key_base: ‹{H128}›"},
    {"ethereum_private_key", "PRIVATE_KEY=‹0x{H64}›"},
    {"crypt_hash", "root:‹$6${A16}${A86}›:19000:0:99999:7:::"},
    {"bcrypt_hash", "‹$2b$12${A53}›"},
    {"netrc_password", "machine api.test login me password ‹{A12}›"},
    {"registry_auth", "{\"auths\":{\"https://r.test\":{\"auth\":\"‹{A40}›\"}}}"},
    {"url_password", "postgres://admin:‹{A16}›@db.test:5432/app"},
    {"basic_authorization", "Authorization: Basic ‹{A32}›"},
    {"bearer_authorization", "curl -H 'Authorization: Bearer ‹{A40}›'"},
    {"connection_string_password", "Server=db;User Id=sa;Password=‹{A16}›;"},
    // clang-format on
};

class Forge {
 public:
  explicit Forge(unsigned seed) : random_(seed) {}

  struct Planted {
    std::string text;
    std::string secret;
  };

  Planted make(std::string_view fixture) {
    Planted planted;
    bool inside = false;
    for (std::size_t at = 0; at < fixture.size();) {
      std::string_view rest = fixture.substr(at);
      if (rest.starts_with("‹") || rest.starts_with("›")) {
        inside = rest.starts_with("‹");
        at += std::string_view("‹").size();
        continue;
      }
      std::string piece = rest.substr(0, 1) == "{" && rest.size() > 2 && std::isdigit(rest[2])
                              ? random_run(rest, at)
                              : std::string(1, fixture[at++]);
      planted.text += piece;
      if (inside) planted.secret += piece;
    }
    return planted;
  }

 private:
  std::string random_run(std::string_view rest, std::size_t& at) {
    std::size_t close = rest.find('}');
    int count = std::stoi(std::string(rest.substr(2, close - 2)));
    std::string_view alphabet = alphabet_of(rest[1]);
    std::string out;
    while (count-- > 0) out += alphabet[random_() % alphabet.size()];
    at += close + 1;
    return out;
  }
  static std::string_view alphabet_of(char letter) {
    constexpr std::string_view all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    switch (letter) {
      case 'H':
        return "0123456789abcdef";
      case 'D':
        return "0123456789";
      case 'U':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
      case 'L':
        return "abcdefghijklmnopqrstuvwxyz0123456789";
      case 'Q':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
      case 'B':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
      case 'W':
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
      default:
        return all;
    }
  }

  std::mt19937 random_;
};

std::vector<std::string> kinds_in(std::string_view text) {
  std::vector<std::string> kinds;
  for (const SecretFound& found : find_secrets(text)) kinds.push_back(found.kind);
  return kinds;
}

TEST(Secrets, EveryFixtureIsMaskedWholeAndUnderItsName) {
  Forge forge(1);
  for (const Fixture& fixture : fixtures) {
    Forge::Planted planted = forge.make(fixture.text);
    std::string masked = mask_secrets(planted.text);
    EXPECT_THAT(masked, HasSubstr("[secret " + std::string(fixture.kind) + " ")) << planted.text;
    EXPECT_THAT(masked, Not(HasSubstr(planted.secret))) << fixture.kind;
    // Nor does a piece of it stand beside the mask.
    EXPECT_THAT(masked, Not(HasSubstr(planted.secret.substr(planted.secret.size() / 2)))) << fixture.kind;
  }
}

TEST(Secrets, EveryKindOfTheTableHasAFixture) {
  std::set<std::string_view> tested = {"private_key", "putty_private_key", "assigned_secret"};
  for (const Fixture& fixture : fixtures) tested.insert(fixture.kind);
  std::set<std::string_view> known;
  for (const SecretKind& kind : secret_kinds()) known.insert(kind.name);
  EXPECT_EQ(known, tested);
  EXPECT_GE(known.size(), 100u);
}

TEST(Secrets, OfSixThousandPlantedInCodeAtLeast99PercentAreGone) {
  Forge forge(20240917);
  std::mt19937 random(2);
  const std::vector<std::string> around = {"const char* key = \"@\";\n",
                                           "export KEY=@\n",
                                           "# see @ for more\n",
                                           "{\"text\":\"line\\n@\\n\"}\n",
                                           "key: @\r\n",
                                           "+  '@',\n",
                                           "f(@)\n",
                                           "@"};
  int planted_count = 0, gone = 0;
  std::map<std::string, int> missed;
  for (int round = 0; round < 30; ++round) {
    for (const Fixture& fixture : fixtures) {
      Forge::Planted planted = forge.make(fixture.text);
      std::string text = around[random() % around.size()];
      text.replace(text.find('@'), 1, planted.text);
      bool masked = mask_secrets(text).find(planted.secret) == std::string::npos;
      ++planted_count;
      gone += masked;
      if (!masked) ++missed[std::string(fixture.kind)];
    }
  }
  EXPECT_GE(gone, planted_count * 99 / 100) << ::testing::PrintToString(missed);
  EXPECT_GE(planted_count, 5000);
}

std::string pem(std::string_view label, Forge& forge) {
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  for (int line = 0; line < 12; ++line) text += forge.make("{B64}").text + "\n";
  return text + "-----END " + std::string(label) + "-----\n";
}

TEST(Secrets, PrivateKeysAreMaskedOverAllTheirLinesAndLinesAreKept) {
  Forge forge(3);
  for (const char* label : {"RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PRIVATE KEY",
                            "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"}) {
    std::string text = "before\n" + pem(label, forge) + "after\n";
    std::string masked = mask_secrets(text);
    EXPECT_THAT(masked, StartsWith("before\n[secret private_key ")) << label;
    EXPECT_EQ(std::ranges::count(masked, '\n'), std::ranges::count(text, '\n')) << label;
    EXPECT_LT(masked.size(), 80u) << masked;
  }
}

TEST(Secrets, APrivateKeyThatIsCutOrQuotedOrHasHeadersIsMasked) {
  Forge forge(4);
  std::string whole = pem("RSA PRIVATE KEY", forge);
  std::string cut = whole.substr(0, 400);
  EXPECT_THAT(mask_secrets(cut), MatchesRegex("\\[secret private_key [0-9a-f]+\\]\n+"));
  std::string quoted;
  for (char c : whole) quoted += c == '\n' ? std::string("\\n") : std::string(1, c);
  EXPECT_THAT(mask_secrets("{\"key\": \"" + quoted + "\"}"), Not(HasSubstr("BEGIN")));
  std::string with_headers = whole;
  with_headers.insert(whole.find('\n') + 1, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233\n\n");
  EXPECT_LT(mask_secrets(with_headers).size(), 80u);
}

TEST(Secrets, APuttyKeyIsMasked) {
  Forge forge(5);
  std::string text = "PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n" +
                     forge.make("{B64}\nPrivate-MAC: {H40}").text + "\n";
  EXPECT_THAT(kinds_in(text), ::testing::ElementsAre("putty_private_key"));
}

TEST(Secrets, TalkOfKeysIsNoKey) {
  EXPECT_THAT(kinds_in("The file starts with `-----BEGIN PRIVATE KEY-----` and ends with `-----END`."),
              IsEmpty());
  EXPECT_THAT(kinds_in("if (strstr(line, \"-----BEGIN RSA PRIVATE KEY-----\")) return 1;"), IsEmpty());
}

TEST(Secrets, ASecretGivenToASuspiciousNameIsMaskedWhenItLooksRandom) {
  Forge forge(6);
  for (const char* line : {"password = \"‹{A20}›\"", "\"api_key\": \"‹{A32}›\"", "DB_PASSWORD=‹{A24}›",
                           "client_secret: '‹{A40}›'", "config['secretToken'] = '‹{A32}›'"}) {
    Forge::Planted planted = forge.make(line);
    EXPECT_THAT(mask_secrets(planted.text), Not(HasSubstr(planted.secret))) << planted.text;
  }
}

TEST(Secrets, HexGivenToASuspiciousNameIsMaskedHoweverItsDigitsFall) {
  Forge forge(7);
  for (int i = 0; i < 200; ++i) {
    Forge::Planted planted = forge.make("api_key = \"‹{H32}›\"");
    EXPECT_THAT(mask_secrets(planted.text), Not(HasSubstr(planted.secret))) << planted.text;
  }
  EXPECT_THAT(kinds_in("api_key = \"00000000000000000000000000000001\""), IsEmpty());
}

TEST(Secrets, OrdinaryCodeIsLeftAlone) {
  for (const char* line : {
           "password = getpass.getpass(\"Password: \")",
           "token = request.headers[\"X-Token\"]",
           "secret: ${{ secrets.GITHUB_TOKEN }}",
           "const tokenizer = new Tokenizer(options);",
           "api_key = os.environ['API_KEY']",
           "curl https://user:password@host/ is an example of a URL",
           "git@github.com:owner/name.git",
           "commit 8e355e1c0ffee8e355e1c0ffee8e355e1c0ffee12",
           "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
           "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
           "password = \"correct horse battery staple\"",
           "static const char *token_names[] = {\"identifier\", \"number\"};",
           "access_token$production$",
       }) {
    EXPECT_THAT(kinds_in(line), IsEmpty()) << line;
  }
}

TEST(Secrets, MegabytesOfAlmostSecretsAreScannedInLinearTime) {
  for (std::string_view piece :
       {"glpat-", "-eyJ", "://a:", "-sk-proj-", "password=a", "-----BEGIN PRIVATE KEY-----\n"}) {
    std::string text;
    while (text.size() < (1u << 20)) text += piece;
    EXPECT_THAT(kinds_in(text), IsEmpty()) << piece;
  }
}

TEST(Secrets, ASecretLongerThanWhatOneTryLooksAtIsMaskedWhole) {
  Forge forge(10);
  std::string masked = mask_secrets(forge.make("hvb.{A90000} end").text);
  EXPECT_THAT(masked, MatchesRegex("\\[secret vault_batch_token [0-9a-f]+\\] end"));
}

TEST(Secrets, EqualSecretsStayRecognisablyEqual) {
  Forge forge(7);
  std::string one = forge.make("ghp_{A36}").text, other = forge.make("ghp_{A36}").text;
  std::string masked = mask_secrets(one + "\n" + one + "\n" + other);
  std::size_t line = masked.find('\n');
  EXPECT_EQ(masked.substr(0, line), masked.substr(line + 1, line));
  EXPECT_NE(masked.substr(0, line), masked.substr(2 * line + 2));
}

TEST(Secrets, MaskingTwiceIsMaskingOnce) {
  Forge forge(8);
  for (const Fixture& fixture : fixtures) {
    std::string once = mask_secrets(forge.make(fixture.text).text);
    EXPECT_EQ(mask_secrets(once), once) << fixture.kind;
  }
}

TEST(Secrets, BytesThatAreNoTextAreScannedToo) {
  Forge forge(9);
  std::string text = std::string("\xff\xfe\0binary ", 10) + forge.make("ghp_{A36}").text + "\xff";
  EXPECT_THAT(kinds_in(text), ::testing::ElementsAre("github_personal_token"));
}

TEST(SecretFiles, CredentialsAreKnownByTheirNames) {
  for (const char* path :
       {".env", "app/.env.local", "prod.env", ".envrc", "deploy/id_rsa", "certs/Server.PEM", "x.p12",
        ".netrc", "home/.aws/credentials", ".ssh/work", "terraform.tfstate", "a/b/.git-credentials"}) {
    EXPECT_TRUE(is_secret_file(path)) << path;
  }
}

TEST(SecretFiles, TemplatesPublicKeysAndSourcesAreRead) {
  for (const char* path : {".env.example", "id_rsa.pub", ".ssh/config", "src/environment.py", "keys.c", "env",
                           "src/env", "credentials", "pem.go", "docs/key.md"}) {
    EXPECT_FALSE(is_secret_file(path)) << path;
  }
}

}  // namespace
}  // namespace mira::guard
