// Gives WeChat what its tag on this page asks for; anywhere else there is no `wx` and nothing happens.
(function (given) {
  if (!window.wx) return;
  window.wx.config({
    appId: given.appId,
    timestamp: Number(given.timestamp),
    nonceStr: given.nonce,
    signature: given.signature,
    jsApiList: ["closeWindow"],
    openTagList: ["wx-open-subscribe"],
  });
})(document.currentScript.dataset);
