-- Password database of the lab's Dovecot: the local part of the user name says how the account behaves.
-- Every account has the same password; some are refused in a provider's own words even when it is right.

local PASSWORD = "tulip-wagon-42"

-- What is answered to a right password: by local part, one text for all services or one for each.
local REFUSED = {
  apppw = "Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
  oauth = "Basic authentication is disabled.",
  locked = "Your account has been locked. Please contact support.",
  suspended = "Account suspended for non-payment.",
  toomany = "Too many login attempts, please try again later.",
  weblogin = "Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)",
  popoff = { pop3 = "POP3 access is disabled for this account." },
  imapoff = { imap = "IMAP access is disabled for your domain. Please contact your domain administrator." },
  smtpoff = { smtp = "SmtpClientAuthentication is disabled for the Tenant." },
  spa = { smtp = "Unable to authenticate using the requested mechanism." },
}

function auth_passdb_lookup(req)
  local name, domain = req.user:match("^([^@]*)@?(.*)$")
  if name == "localform" and domain ~= "" then
    return dovecot.auth.PASSDB_RESULT_USER_UNKNOWN, "no such user"
  end
  if name == "fullform" and domain == "" then
    return dovecot.auth.PASSDB_RESULT_USER_UNKNOWN, "no such user"
  end
  if name == "tempfail" then
    return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, "storage away"
  end
  local text = REFUSED[name]
  if type(text) == "table" then
    text = text[req.service]
  end
  if text and req.service == "smtp" then
    -- Postfix does not ask whether a login is allowed, so it is refused here, without the text.
    return dovecot.auth.PASSDB_RESULT_USER_DISABLED, "refused"
  end
  if text then
    return dovecot.auth.PASSDB_RESULT_OK, { password = PASSWORD, nologin = "y", reason = text }
  end
  return dovecot.auth.PASSDB_RESULT_OK, { password = PASSWORD }
end

function script_init()
  return 0
end

function script_deinit()
end
